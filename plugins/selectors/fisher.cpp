// Fisher's ratio of each channel: variance between the classes' mean images, divided by variance within classes (R. A.
// Fisher, 1936; the criterion of linear discriminant analysis, for single channels).
//   score_d = B_d / (W_d + shrinkage · mean W + 1e-12)
//   B_d = Σ_c n_c (μ_cd − μ_d)² / (C' − 1),   W_d = Σ_m (x_md − μ_c(m)d)² / (M − C')
// C' is the number of classes that have images.
#include <trefoil/selector.h>

#include <stdexcept>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("shrinkage", 1, {0, 1e6},
                             "amount added to each channel's W, in units of its mean over all channels; few images "
                             "give a poor estimate of W"),
};

class Fisher final : public trefoil::Selector {
 public:
  explicit Fisher(const trefoil::Parameters& parameters) : shrinkage_(parameters.real("shrinkage")) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    const torch::Tensor counts = trefoil::class_counts(support.labels, support.class_count());
    const double images = static_cast<double>(support.image_count());
    const double classes = counts.gt(0).sum().item<double>();
    if (images <= classes || classes < 2)
      throw std::invalid_argument(
          "fisher needs images of two classes, and two images in one of them: add images or use another selector");
    const torch::Tensor rows = support.images.to(torch::kDouble);
    const torch::Tensor sums = trefoil::class_sums(rows, support.labels, support.class_count());
    const torch::Tensor means = sums / counts.clamp_min(1).unsqueeze(1);  // [C, D]
    const torch::Tensor within =
        (rows - means.index_select(0, support.labels)).square().sum(0) / (images - classes);  // [D]
    const torch::Tensor between =
        ((means - rows.mean(0)).square() * counts.unsqueeze(1)).sum(0) / (classes - 1);  // [D]
    return between / (within + shrinkage_ * within.mean() + kSmallest);
  }

 private:
  static constexpr double kSmallest = 1e-12;  // avoids 0/0 if the images of each class are equal

  double shrinkage_;
};

}  // namespace

TREFOIL_SELECTOR(Fisher, "fisher", "1.0.0",
                 "Keeps channels with a large ratio of variance between classes to variance within classes",
                 kParameters)
