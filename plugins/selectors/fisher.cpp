// Fisher's ratio of each channel: how far the classes' mean images are apart, against how much the images of one class
// scatter (R. A. Fisher, 1936; the between- to within-class variance of linear discriminant analysis, channel by
// channel).
//   score_d = B_d / (W_d + shrinkage · mean W + 1e-12)
//   B_d = Σ_c n_c (μ_cd − μ_d)² / (C' − 1),   W_d = Σ_m (x_md − μ_c(m)d)² / (M − C')
// over the C' classes that have images.
#include <trefoil/selector.h>

#include <stdexcept>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("shrinkage", 1, {0, 1e6},
                             "added to each channel's scatter, in means over all: few images tell it badly"),
};

class Fisher final : public trefoil::Selector {
 public:
  explicit Fisher(const trefoil::Parameters& parameters) : shrinkage_(parameters.real("shrinkage")) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    const torch::Tensor counts = trefoil::class_counts(support.labels, support.class_count());
    const double images = static_cast<double>(support.image_count());
    const double classes = counts.gt(0).sum().item<double>();
    if (images <= classes || classes < 2)
      throw std::invalid_argument("there is no scatter to measure: it needs two classes, and one with two images");
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
  static constexpr double kSmallest = 1e-12;  // images of a class that are all alike have no scatter

  double shrinkage_;
};

}  // namespace

TREFOIL_SELECTOR(Fisher, "fisher", "1.0.0", "Keeps channels in which classes lie apart and images of one agree",
                 kParameters)
