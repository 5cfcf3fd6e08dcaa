// Keeps the channels with the largest variance between classes, or the smallest variance within classes.
#include <trefoil/selector.h>

#include "criteria.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {criteria::kSource, criteria::kKeep};

class Variance final : public trefoil::Selector {
 public:
  explicit Variance(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    return criteria::signed_variance(support, parameters_);
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_SELECTOR(Variance, "variance", "1.0.0",
                 "Keeps channels of large variance V between classes, or of small V within classes", kParameters)
