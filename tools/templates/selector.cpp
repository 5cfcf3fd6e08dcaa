// my_selector: a score for every feature channel. The host keeps the q channels of the largest.
//
// So far: how much the classes' texts differ in a channel, plus `images` times how much their mean images do.
#include <trefoil/selector.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("images", 1, {0, 100}, "weight of the images against the texts"),
};

class MySelector final : public trefoil::Selector {
 public:
  explicit MySelector(const trefoil::Parameters& parameters) : images_(parameters.real("images")) {}

  // support.text [C, D], support.images [M, D], unit rows -> score [D], larger is better.
  torch::Tensor score(const trefoil::Support& support) const override {
    torch::Tensor score = support.text.var(/*dim=*/0, /*unbiased=*/true);
    if (support.image_count() > 0) score = score + images_ * mean_images(support).var(/*dim=*/0, /*unbiased=*/true);
    host().metric("largest_score", score.max().item<double>());  // into summary.json
    return score;
  }

 private:
  // The mean image of each class, unit rows: [C, D]. A class without images has a zero row.
  static torch::Tensor mean_images(const trefoil::Support& support) {
    return trefoil::unit_rows(trefoil::class_sums(support.images, support.labels, support.class_count()));
  }

  double images_;
};

}  // namespace

TREFOIL_SELECTOR(MySelector, "my_selector", "1.0.0", "Keeps the channels in which classes differ", kParameters)
