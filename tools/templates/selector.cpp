// my_selector: scores the feature channels. The host keeps the q channels with the largest scores.
//
// Replace this example by your own method. It scores a channel by the variance of the class texts in it, plus `images`
// times the variance of the mean images of the classes.
#include <trefoil/selector.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("images", 1, {0, 100}, "weight of the images against the texts"),
};

class MySelector final : public trefoil::Selector {
 public:
  explicit MySelector(const trefoil::Parameters& parameters) : images_(parameters.real("images")) {}

  // Returns the scores [D]; larger is better. support.text [C, D] and support.images [M, D] have unit rows.
  torch::Tensor score(const trefoil::Support& support) const override {
    torch::Tensor score = support.text.var(/*dim=*/0, /*unbiased=*/true);
    if (support.image_count() > 0) score = score + images_ * mean_images(support).var(/*dim=*/0, /*unbiased=*/true);
    host().metric("largest_score", score.max().item<double>());  // written to summary.json
    return score;
  }

 private:
  // Returns the mean image of each class, as unit rows [C, D]. A class without images has a row of zeros.
  static torch::Tensor mean_images(const trefoil::Support& support) {
    return trefoil::unit_rows(trefoil::class_sums(support.images, support.labels, support.class_count()));
  }

  double images_;
};

}  // namespace

TREFOIL_SELECTOR(MySelector, "my_selector", "1.0.0", "Keeps the channels in which classes differ", kParameters)
