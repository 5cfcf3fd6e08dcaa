#include "feature_noise.h"

#include <ATen/ops/linalg_eigh.h>

#include <algorithm>
#include <stdexcept>

namespace whitening {

namespace {

// Returns the distances [M, D] of the images from their texts, for classes of one image each.
torch::Tensor distances_from_texts(const torch::Tensor& text, const torch::Tensor& centred,
                                   const torch::Tensor& labels) {
  const torch::Tensor texts = (text - text.mean(0)).index_select(0, labels);
  const double power = texts.square().sum().item<double>();
  const double slope = power > 0 ? (centred * texts).sum().item<double>() / power : 0;
  return centred - texts * slope;
}

}  // namespace

FeatureNoise estimate(const trefoil::Support& support, const torch::Tensor& rows, const torch::Tensor& labels,
                      double shrinkage, double copies, bool& has_pairs) {
  const torch::Tensor images = rows.to(torch::kDouble);
  const torch::Tensor counts = trefoil::class_counts(labels, support.class_count()).to(torch::kDouble);
  const torch::Tensor means =
      trefoil::class_sums(images, labels, support.class_count()) / counts.clamp_min(1).unsqueeze(1);
  const torch::Tensor present = (counts > 0).nonzero().squeeze(1);
  has_pairs = counts.max().item<double>() > copies;

  FeatureNoise noise;
  noise.centre = means.index_select(0, present).mean(0);
  const torch::Tensor spread =
      has_pairs ? images - means.index_select(0, labels)
                : distances_from_texts(support.text.to(torch::kDouble), images - noise.centre, labels);
  const double images_count = static_cast<double>(images.size(0)) / copies;
  const double degrees = std::max(1.0, images_count - (has_pairs ? static_cast<double>(present.size(0)) : 1.0));
  auto [values, vectors] = torch::linalg_eigh(spread.t().mm(spread) / (copies * degrees));
  values.clamp_min_(0);
  noise.variance = values.mean().item<double>();
  constexpr double kRounding = 1e-12;  // rounding error of squares of float32 unit rows, for all channels together
  if (noise.variance * static_cast<double>(values.size(0)) <= kRounding) {
    throw std::invalid_argument(
        "the images of each class are equal, and whitened needs their differences: use other images or another head");
  }
  const torch::Tensor relative = values * ((1 - shrinkage) / noise.variance) + shrinkage;  // eigenvalues of Σ / t
  noise.transform = (vectors * relative.rsqrt()).mm(vectors.t());
  noise.inverse = (vectors * relative.sqrt()).mm(vectors.t());
  return noise;
}

}  // namespace whitening
