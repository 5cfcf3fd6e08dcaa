// Keeps the channels that vary most between the classes' texts, or least within a class.
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

TREFOIL_SELECTOR(Variance, "variance", "1.0.0", "Keeps channels by their variance V", kParameters)
