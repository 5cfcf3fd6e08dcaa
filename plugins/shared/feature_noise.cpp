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

Scatter measure(const trefoil::Support& support, const torch::Tensor& rows, const torch::Tensor& labels,
                double copies) {
  const torch::Tensor images = rows.to(torch::kDouble);
  Scatter scatter;
  scatter.counts = trefoil::class_counts(labels, support.class_count()).to(torch::kDouble);
  scatter.means = trefoil::class_sums(images, labels, support.class_count()) / scatter.counts.clamp_min(1).unsqueeze(1);
  const torch::Tensor present = (scatter.counts > 0).nonzero().squeeze(1);
  scatter.has_pairs = scatter.counts.max().item<double>() > copies;
  scatter.centre = scatter.means.index_select(0, present).mean(0);
  scatter.distances = scatter.has_pairs
                          ? images - scatter.means.index_select(0, labels)
                          : distances_from_texts(support.text.to(torch::kDouble), images - scatter.centre, labels);
  const double image_count = static_cast<double>(images.size(0)) / copies;
  scatter.degrees = std::max(1.0, image_count - (scatter.has_pairs ? static_cast<double>(present.size(0)) : 1.0));
  constexpr double kRounding = 1e-12;  // rounding error of squares of float32 unit rows, for all channels together
  if (scatter.distances.square().sum().item<double>() <= kRounding * copies * scatter.degrees) {
    throw std::invalid_argument(
        "the images of each class are equal, and this method needs their differences: use other images or another "
        "plugin");
  }
  return scatter;
}

FeatureNoise estimate(const Scatter& scatter, double shrinkage, double copies) {
  const torch::Tensor& distances = scatter.distances;
  auto [values, vectors] = torch::linalg_eigh(distances.t().mm(distances) / (copies * scatter.degrees));
  values.clamp_min_(0);
  FeatureNoise noise;
  noise.centre = scatter.centre;
  noise.variance = values.mean().item<double>();
  const torch::Tensor relative = values * ((1 - shrinkage) / noise.variance) + shrinkage;  // eigenvalues of Σ / t
  noise.transform = (vectors * relative.rsqrt()).mm(vectors.t());
  noise.inverse = (vectors * relative.sqrt()).mm(vectors.t());
  return noise;
}

}  // namespace whitening
