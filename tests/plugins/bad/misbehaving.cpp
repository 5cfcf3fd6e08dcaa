// A selector that is wrong in the way that its parameter chooses.
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <trefoil/selector.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::choice("how",
                               "throws|throws_in_create|throws_torch|throws_int|shape|type|nan|undefined|undeclared",
                               "what goes wrong"),
};

class Misbehaving final : public trefoil::Selector {
 public:
  explicit Misbehaving(const trefoil::Parameters& parameters) : how_(parameters.text("how")), parameters_(parameters) {
    if (how_ == "throws_in_create") throw std::invalid_argument("create does not like it");
  }

  torch::Tensor score(const trefoil::Support& support) const override {
    const std::int64_t width = support.width();
    if (how_ == "throws") throw std::runtime_error("score does not like it");
    if (how_ == "throws_torch") return support.text.matmul(support.text);
    if (how_ == "throws_int") throw 42;
    if (how_ == "shape") return torch::ones({width + 1});
    if (how_ == "type") return torch::ones({width}, torch::kLong);
    if (how_ == "nan") return torch::full({width}, std::numeric_limits<double>::quiet_NaN());
    if (how_ == "undeclared") return torch::full({width}, parameters_.real("nobody_declared_this"));
    return {};
  }

 private:
  std::string how_;
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_SELECTOR(Misbehaving, "misbehaving", "1.0.0", "does everything wrong", kParameters)
