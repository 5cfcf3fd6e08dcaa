// A selector with valid scores that breaks one rule. Its parameter chooses the rule.
#include <trefoil/selector.h>

#include <atomic>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::choice("how", "again|threads|support|foreign", "which rule is broken"),
};

class Careless final : public trefoil::Selector {
 public:
  explicit Careless(const trefoil::Parameters& parameters) : how_(parameters.text("how")) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    static std::atomic<int> times = 0;
    torch::Tensor score = support.text.var(/*dim=*/0, /*unbiased=*/false);
    if (how_ == "again") score = score + ++times;
    if (how_ == "threads") score = score + host().threads();
    if (how_ == "support") support.text.mul_(2);
    if (how_ == "foreign" && support.image_count() == 0) throw 42;
    return score;
  }

 private:
  std::string how_;
};

}  // namespace

TREFOIL_SELECTOR(Careless, "careless", "1.0.0", "Breaks a rule", kParameters)
