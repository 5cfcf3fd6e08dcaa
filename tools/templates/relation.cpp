// my_relation: builds the classifier from the class texts and the cached images.
//
// Replace this example by your own method. Its only key of a class is the mean image F̄, compared with the query f in
// the selected channels (marked by a prime). W are the texts, L the one-hot labels of the keys:
//   logits = s · f Wᵀ + α · exp(−β (1 − f' F̄'ᵀ)) · L
#include <trefoil/relation.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("alpha", 2, {0, 1e6}, "α, weight of the cache logits against the text logits"),
        {0.5, 32, 13, true}),
    trefoil::parameter::searched(trefoil::parameter::real("beta", 4, {0, 1e6}, "β, sharpness of the kernel"),
                                 {1, 16, 9, true}),
};

class MyRelation final : public trefoil::Relation {
 public:
  explicit MyRelation(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& channels) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;  // [C, D]
    classifier.alpha = parameters_.real("alpha");
    classifier.beta = parameters_.real("beta");
    const torch::Tensor present = trefoil::class_counts(support.labels, support.class_count()).nonzero().squeeze(1);
    if (present.numel() == 0) return classifier;  // no images: text logits only
    const torch::Tensor sums = trefoil::class_sums(support.images, support.labels, support.class_count());
    const torch::Tensor kept = trefoil::restrict_to(sums.index_select(0, present), channels);
    classifier.keys = trefoil::unit_rows(kept);  // [classes with images, Q]
    classifier.labels = present;
    classifier.channels = channels.index;
    classifier.renormalise = true;  // scales queries to unit length in the selected channels
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_RELATION(MyRelation, "my_relation", "1.0.0", "Compares with the mean image of each class", kParameters)
