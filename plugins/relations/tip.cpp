// Tip-Adapter (Zhang et al., ECCV 2022), without training: logits = s · f Wᵀ + α · exp(−β (1 − f Fᵀ)) L.
// It compares all channels and ignores the selection.
#include <trefoil/relation.h>

#include "parameters.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {relations::kAlpha, relations::kBeta, relations::kLogitScale};

class Tip final : public trefoil::Relation {
 public:
  explicit Tip(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& /*channels*/) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;
    classifier.keys = support.images;
    classifier.labels = support.labels;
    classifier.logit_scale = parameters_.real("logit_scale");
    classifier.alpha = parameters_.real("alpha");
    classifier.beta = parameters_.real("beta");
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_RELATION(Tip, "tip", "1.0.0", "Adds cached images, compared in all channels (Tip-Adapter)", kParameters)
