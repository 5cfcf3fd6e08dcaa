// Tip-Adapter as a relation with custom_logits, so the host does not know its formula.
#include <trefoil/relation.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(trefoil::parameter::real("alpha", 1, {0, 1e6}, "α, weight of the images"),
                                 {0.5, 8, 5, true}),
    trefoil::parameter::real("beta", 5.5, {0, 1e6}, "β, sharpness"),
};

class LogitsOnly final : public trefoil::Relation {
 public:
  explicit LogitsOnly(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& /*channels*/) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;
    classifier.alpha = parameters_.real("alpha");
    classifier.beta = parameters_.real("beta");
    classifier.custom_logits = [support](const trefoil::Classifier& self, const torch::Tensor& query) {
      trefoil::Classifier tip;
      tip.text = self.text;
      tip.keys = support.images;
      tip.labels = support.labels;
      tip.alpha = self.alpha;
      tip.beta = self.beta;
      return tip.logits(query);
    };
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_RELATION(LogitsOnly, "logits_only", "1.0.0", "Tip-Adapter that shows its logits only", kParameters)
