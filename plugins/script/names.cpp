#include "names.h"

#include <torch/csrc/jit/frontend/sugared_value.h>
#include <torch/csrc/jit/ir/constants.h>

#include <limits>
#include <map>
#include <memory>
#include <string>

namespace script {

namespace {

using Constants = std::map<std::string, c10::IValue>;

c10::IValue type(c10::ScalarType scalar) { return static_cast<std::int64_t>(scalar); }

// A module of operators, with constants beside them.
class Module final : public torch::jit::BuiltinModule {
 public:
  explicit Module(Constants constants) : BuiltinModule("aten"), constants_(std::move(constants)) {}

  std::shared_ptr<torch::jit::SugaredValue> attr(const torch::jit::SourceRange& place,
                                                 torch::jit::GraphFunction& caller, const std::string& field) override {
    const auto found = constants_.find(field);
    if (found == constants_.end()) return BuiltinModule::attr(place, caller, field);
    return std::make_shared<torch::jit::SimpleValue>(torch::jit::insertConstant(*caller.graph(), found->second, place));
  }

 private:
  Constants constants_;
};

Constants torch_constants() {
  return {{"float32", type(c10::kFloat)}, {"float", type(c10::kFloat)}, {"float64", type(c10::kDouble)},
          {"double", type(c10::kDouble)}, {"int64", type(c10::kLong)},  {"long", type(c10::kLong)},
          {"int32", type(c10::kInt)},     {"int", type(c10::kInt)},     {"bool", type(c10::kBool)}};
}

Constants math_constants() {
  return {{"pi", 3.14159265358979323846},
          {"e", 2.71828182845904523536},
          {"inf", std::numeric_limits<double>::infinity()},
          {"nan", std::numeric_limits<double>::quiet_NaN()}};
}

class Names final : public torch::jit::Resolver {
 public:
  std::shared_ptr<torch::jit::SugaredValue> resolveValue(const std::string& name, torch::jit::GraphFunction& /*caller*/,
                                                         const torch::jit::SourceRange& /*place*/) override {
    if (name == "torch") return std::make_shared<Module>(torch_constants());
    if (name == "math") return std::make_shared<Module>(math_constants());
    return nullptr;
  }
};

}  // namespace

torch::jit::ResolverPtr names() { return std::make_shared<Names>(); }

}  // namespace script
