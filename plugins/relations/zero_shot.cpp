// Zero-shot CLIP: logits = s · f Wᵀ. It ignores the support images.
#include <trefoil/relation.h>

#include "parameters.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {relations::kLogitScale};

class ZeroShot final : public trefoil::Relation {
 public:
  explicit ZeroShot(const trefoil::Parameters& parameters) : logit_scale_(parameters.real("logit_scale")) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& /*channels*/) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;
    classifier.logit_scale = logit_scale_;
    return classifier;
  }

 private:
  double logit_scale_;
};

}  // namespace

TREFOIL_RELATION(ZeroShot, "zero_shot", "1.0.0", "Compares the image with the texts only (zero-shot CLIP)", kParameters)
