// Tip-Adapter's relation with a different kernel, in the selected channels:
//   logits = s · f Wᵀ + α · ((1 + f' F'ᵀ) / 2)^β · L
// Near similarity 1 the kernel falls like exp(−β/2 · (1 − f' F'ᵀ)); for opposite images it is 0. The formula of
// Classifier has only the exponential kernel, so this relation sets custom_logits. It is the example of how to do so.
#include <ATen/ops/zeros.h>
#include <trefoil/relation.h>

#include "parameters.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {relations::kAlpha, relations::kBeta, relations::kLogitScale};

// Returns the logits [n, C] of query [n, D].
torch::Tensor logits(const trefoil::Classifier& self, const torch::Tensor& query) {
  torch::Tensor result = query.matmul(self.text.t()) * self.logit_scale;
  if (self.key_count() == 0) return result;
  const torch::Tensor kept = trefoil::unit_rows(query.index_select(/*dim=*/1, self.channels));
  const torch::Tensor kernel = ((kept.matmul(self.keys.t()) + 1) / 2).clamp_min(0).pow(self.beta);  // [n, M]
  return result.index_add_(/*dim=*/1, self.labels, kernel * self.alpha);
}

class Power final : public trefoil::Relation {
 public:
  explicit Power(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& channels) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;
    classifier.keys = trefoil::unit_rows(trefoil::restrict_to(support.images, channels));
    classifier.labels = support.labels;
    classifier.channels = channels.index;
    classifier.renormalise = true;
    classifier.logit_scale = parameters_.real("logit_scale");
    classifier.alpha = parameters_.real("alpha");
    classifier.beta = parameters_.real("beta");
    restore(classifier);
    return classifier;
  }

  void restore(trefoil::Classifier& classifier) const override { classifier.custom_logits = &logits; }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_RELATION(Power, "power", "1.0.0",
                 "Adds cached images, compared by a power of the cosine in the selected channels", kParameters)
