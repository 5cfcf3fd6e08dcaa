// APE's criterion: keeps the channels of smallest J = λ S − (1−λ) V. S and V are not rescaled before they are mixed.
#include <trefoil/selector.h>

#include "criteria.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("lambda", 0.5, {0, 1}, "λ, weight of similarity S against variance V"),
    criteria::kPopulation,
    criteria::kBalance,
    criteria::kPriors,
    criteria::kPairs,
    criteria::kSource,
    criteria::kKeep,
};

class Mixed final : public trefoil::Selector {
 public:
  explicit Mixed(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    const double lambda = parameters_.real("lambda");
    return -lambda * criteria::similarity(support, parameters_) +
           (1 - lambda) * criteria::signed_variance(support, parameters_);
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_SELECTOR(Mixed, "mixed", "1.0.0",
                 "Keeps channels of low similarity S and large variance V, mixed by lambda (APE)", kParameters)
