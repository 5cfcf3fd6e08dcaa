// Gaussian discriminant analysis without training (Wang et al., "A Hard-to-Beat Baseline for Training-Free CLIP-based
// Adaptation", ICLR 2024). The images of class c are normally distributed around its mean μ_c, with one covariance Σ
// for all classes. The inverse of Σ is estimated by D · A⁻¹, with the shrunken scatter A = (M−1)Σ + tr(Σ)I. The logits
// are added to those of the classifier it starts from:
//   logits = start + α · D · (f A⁻¹ μ_cᵀ − ½ μ_c A⁻¹ μ_cᵀ + ½ tr(A⁻¹ Σ_w) / n_c)
// The last term is not in the paper. The noise in the mean of n_c images makes the mean too long, and so makes a class
// with fewer images look less likely. The term corrects this. It changes nothing if all classes have the same number of
// images. In leave-one-out it compensates the class of the image that is left out.
#include <ATen/ops/full.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/where.h>
#include <trefoil/head.h>

#include <algorithm>
#include <stdexcept>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("alpha", 0.03, {0, 1e6},
                                 "α_G, weight of the Gaussian's logits against those of the relation"),
        {0.0025, 0.64, 17, true}),
};

// Estimates from the support, in float64. Coordinates are along the eigenvectors of the scatter, where A is diagonal.
struct Gaussian {
  torch::Tensor axes;    // [D, D]  eigenvectors, one per column
  torch::Tensor spread;  // [D]     λ, eigenvalues of the scatter Σ (x − μ)(x − μ)ᵀ within classes
  torch::Tensor mean;    // [C, D]
  torch::Tensor count;   // [C]     n_c; infinite for a class whose mean is not estimated from images
  torch::Tensor images;  // [M, D]
  torch::Tensor labels;  // [M]
  double degrees = 1;    // degrees of freedom of the scatter: M − (classes with images)
};

// Returns the means [C, D]. A class without images gets μ̄ + ρ (W_c − W̄), where ρ is the least-squares slope of means
// on texts over the classes with images.
torch::Tensor filled_means(const torch::Tensor& means, const torch::Tensor& text, const torch::Tensor& present) {
  const torch::Tensor known = present.nonzero().squeeze(1);
  const torch::Tensor known_means = means.index_select(0, known);
  const torch::Tensor known_text = text.index_select(0, known);
  const torch::Tensor from_text = text - known_text.mean(0);
  const torch::Tensor from_known = known_text - known_text.mean(0);
  const double power = from_known.square().sum().item<double>();
  const double slope =
      power > 0 ? (from_known * (known_means - known_means.mean(0))).sum().item<double>() / power : 0.0;
  return torch::where(present.unsqueeze(1), means, known_means.mean(0) + from_text * slope);
}

Gaussian estimate(const trefoil::Support& support) {
  const torch::Tensor images = support.images.to(torch::kDouble);
  const torch::Tensor counts = trefoil::class_counts(support.labels, support.class_count()).to(torch::kDouble);
  const torch::Tensor present = counts > 0;
  if (!(counts > 1).any().item<bool>()) {
    throw std::invalid_argument(
        "no class has two images, and gda needs the scatter within a class: add images or use another head");
  }
  const torch::Tensor sums = trefoil::class_sums(images, support.labels, support.class_count());
  const torch::Tensor means = sums / counts.clamp_min(1).unsqueeze(1);
  const torch::Tensor spread = images - means.index_select(0, support.labels);
  constexpr double kRounding = 1e-12;  // rounding error of squares of float32 unit rows
  if (spread.square().sum().item<double>() <= kRounding * static_cast<double>(support.image_count()))
    throw std::invalid_argument(
        "the images of each class are equal, and gda needs the scatter within a class: use other images or another "
        "head");
  auto [values, vectors] = torch::linalg_eigh(spread.t().mm(spread));
  Gaussian gaussian;
  gaussian.axes = vectors;
  gaussian.spread = values.clamp_min(0);
  gaussian.mean = filled_means(means, support.text.to(torch::kDouble), present).mm(vectors);
  gaussian.count = counts.masked_fill(present.logical_not(), std::numeric_limits<double>::infinity());
  gaussian.images = images.mm(vectors);
  gaussian.labels = support.labels;
  gaussian.degrees = std::max(1.0, static_cast<double>(support.image_count()) - present.sum().item<double>());
  return gaussian;
}

struct Linear {
  torch::Tensor weight;  // [C, D]
  torch::Tensor bias;    // [C]
};

Linear discriminant(const Gaussian& gaussian) {
  const auto images = static_cast<double>(gaussian.images.size(0));
  const auto width = static_cast<double>(gaussian.mean.size(1));
  const torch::Tensor inverse = 1 / (gaussian.spread + gaussian.spread.sum() / (images - 1));
  const torch::Tensor noise = (inverse * gaussian.spread).sum() / gaussian.degrees / gaussian.count;
  const torch::Tensor scaled = gaussian.mean * inverse;
  return {scaled.mm(gaussian.axes.t()) * width, ((scaled * gaussian.mean).sum(1) - noise) * (-0.5 * width)};
}

// Returns the discriminant [M, C] of every image, with mean, scatter and trace estimated without that image. Leaving
// out an image x subtracts u uᵀ from the scatter, with u = √(n/(n−1)) (x − μ). By the Sherman-Morrison formula (A − u
// uᵀ)⁻¹ = B + B u uᵀ B / (1 − u B u), where B is diagonal. Means that come from texts stay unchanged.
torch::Tensor discriminant_without_own(const Gaussian& gaussian) {
  const auto images = static_cast<double>(gaussian.images.size(0));
  const auto width = static_cast<double>(gaussian.mean.size(1));
  const torch::Tensor& x = gaussian.images;
  const torch::Tensor label = gaussian.labels.unsqueeze(1);
  const torch::Tensor own_mean = gaussian.mean.index_select(0, gaussian.labels);
  const torch::Tensor n = gaussian.count.index_select(0, gaussian.labels).unsqueeze(1);
  const torch::Tensor left = (n - 1).clamp_min(1);
  const torch::Tensor u = (n / left).sqrt() * (x - own_mean);
  const torch::Tensor trace = gaussian.spread.sum() - u.square().sum(1, true);
  if ((trace < 1e-9 * gaussian.spread.sum()).any().item<bool>()) {
    throw std::invalid_argument(
        "no class has two images once one image is left out, and gda needs the scatter within a class: set head.alpha "
        "instead of searching it");
  }
  const torch::Tensor inverse = 1 / (gaussian.spread + trace / std::max(1.0, images - 2));  // B [M, D]
  const torch::Tensor inverse_u = inverse * u;
  const torch::Tensor u_inverse_u = (u * inverse_u).sum(1, true);
  const torch::Tensor rest = 1 - u_inverse_u;
  const torch::Tensor own_without = (n * own_mean - x) / left;
  // Matrix products give the values for all classes. The mean of the own class has changed, so its value is replaced.
  const torch::Tensor linear =
      (x * inverse).mm(gaussian.mean.t()).scatter_(1, label, (x * inverse * own_without).sum(1, true));
  const torch::Tensor square =
      inverse.mm(gaussian.mean.square().t()).scatter_(1, label, (inverse * own_without.square()).sum(1, true));
  const torch::Tensor along_u =
      inverse_u.mm(gaussian.mean.t()).scatter_(1, label, (inverse_u * own_without).sum(1, true));
  const torch::Tensor spread_trace =
      (inverse * gaussian.spread).sum(1, true) - u_inverse_u +
      ((inverse_u.square() * gaussian.spread).sum(1, true) - u_inverse_u.square()) / rest;
  const torch::Tensor counts = gaussian.count.unsqueeze(0).repeat({x.size(0), 1}).scatter_(1, label, left);
  const torch::Tensor noise = spread_trace / std::max(1.0, gaussian.degrees - 1) / counts;
  return (linear + along_u * (x * inverse_u).sum(1, true) / rest - (square + along_u.square() / rest - noise) * 0.5) *
         width;
}

class Gda final : public trefoil::Head {
 public:
  explicit Gda(const trefoil::Parameters& parameters) : alpha_(parameters.real("alpha")) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    refuse_custom(start);
    const Linear gaussian = discriminant(estimate(support));
    const double scale = start.logit_scale > 0 ? start.logit_scale : 1;
    trefoil::Classifier classifier = start;
    classifier.logit_scale = scale;
    classifier.text =
        start.text * (start.logit_scale / scale) + (gaussian.weight * (alpha_ / scale)).to(start.text.scalar_type());
    const torch::Tensor bias = (gaussian.bias * alpha_).to(start.text.scalar_type());
    classifier.bias = start.bias.defined() ? start.bias + bias : bias;
    return classifier;
  }

  torch::Tensor leave_one_out(const trefoil::Classifier& start, const trefoil::Support& support,
                              const trefoil::Channels& /*channels*/) const override {
    refuse_custom(start);
    const torch::Tensor of_text = support.images.mm(start.text.t()) * start.logit_scale;
    const torch::Tensor base = start.bias.defined() ? of_text + start.bias : of_text;
    return base + (discriminant_without_own(estimate(support)) * alpha_).to(base.scalar_type());
  }

 private:
  static void refuse_custom(const trefoil::Classifier& start) {
    if (start.custom_logits) {
      throw std::invalid_argument("it cannot be added to this relation: its logits come from code (custom_logits)");
    }
  }

  double alpha_;
};

}  // namespace

TREFOIL_HEAD(Gda, "gda", "1.0.0", "Adds the logits of Gaussian discriminant analysis, without training", kParameters)
