// Selector `script`: the score is a function in the experiment file.
#include <trefoil/selector.h>

#include "mistake.h"
#include "program.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::program(script::kCode, "TorchScript that defines score(text, images, labels, …) -> Tensor"),
};

std::shared_ptr<const script::Program> program_of(const trefoil::Parameters& parameters) {
  static const std::vector<script::Function> kFunctions = {
      {"score", {{"text", "Tensor"}, {"images", "Tensor"}, {"labels", "Tensor"}, {"seed", "int"}}, {"Tensor"}}};
  return script::Program::of(parameters.text(script::kCode), kFunctions);
}

class ScriptSelector final : public trefoil::Selector {
 public:
  static trefoil::ParameterList declare(const trefoil::Parameters& given) { return program_of(given)->parameters(); }

  explicit ScriptSelector(const trefoil::Parameters& parameters)
      : parameters_(parameters), program_(program_of(parameters)) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    const script::Program::Values given = {{"text", support.text},
                                           {"images", support.images},
                                           {"labels", support.labels},
                                           {"seed", static_cast<std::int64_t>(host().seed())}};
    return program_->call(given, parameters_, &host()).front();
  }

 private:
  trefoil::Parameters parameters_;
  std::shared_ptr<const script::Program> program_;
};

}  // namespace

TREFOIL_SELECTOR(ScriptSelector, "script", "1.0.0",
                 "Scores channels by a function in the experiment file (TorchScript)", kParameters)
