#include "gaussian.h"

#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <limits>

namespace whitening {

namespace {

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

}  // namespace

Gaussian gaussian_of(const trefoil::Support& support, const Scatter& scatter) {
  auto [values, vectors] = torch::linalg_eigh(scatter.distances.t().mm(scatter.distances));
  const torch::Tensor present = scatter.counts > 0;
  Gaussian gaussian;
  gaussian.axes = vectors;
  gaussian.spread = values.clamp_min(0);
  gaussian.mean = filled_means(scatter.means, support.text.to(torch::kDouble), present).mm(vectors);
  gaussian.count = scatter.counts.masked_fill(present.logical_not(), std::numeric_limits<double>::infinity());
  gaussian.images = support.images.to(torch::kDouble).mm(vectors);
  gaussian.labels = support.labels;
  gaussian.degrees = scatter.degrees;
  return gaussian;
}

Linear discriminant(const Gaussian& gaussian) {
  const auto images = static_cast<double>(gaussian.images.size(0));
  const auto width = static_cast<double>(gaussian.mean.size(1));
  const torch::Tensor inverse = 1 / (gaussian.spread + gaussian.spread.sum() / std::max(1.0, images - 1));
  const torch::Tensor noise = (inverse * gaussian.spread).sum() / gaussian.degrees / gaussian.count;
  const torch::Tensor scaled = gaussian.mean * inverse;
  return {scaled.mm(gaussian.axes.t()) * width, ((scaled * gaussian.mean).sum(1) - noise) * (-0.5 * width)};
}

// Leaving out an image x subtracts u uᵀ from the scatter, with u = √(n/(n−1)) (x − μ). By the Sherman-Morrison formula
// (A − u uᵀ)⁻¹ = B + B u uᵀ B / (1 − u B u), where B is diagonal.
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
  if ((trace < 1e-9 * gaussian.spread.sum()).any().item<bool>()) return {};
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

}  // namespace whitening
