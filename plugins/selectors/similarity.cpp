// Keeps the channels with the lowest similarity between classes.
#include <trefoil/selector.h>

#include "criteria.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {criteria::kPopulation, criteria::kBalance, criteria::kPriors,
                                              criteria::kPairs};

class Similarity final : public trefoil::Selector {
 public:
  explicit Similarity(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    return -criteria::similarity(support, parameters_);
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_SELECTOR(Similarity, "similarity", "1.0.0", "Keeps channels of low similarity S between classes", kParameters)
