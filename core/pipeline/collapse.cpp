#include "pipeline/collapse.h"

#include <ATen/ops/cdist.h>
#include <ATen/ops/linalg_eigh.h>

#include "trefoil/support.h"

namespace trefoil::pipeline {

namespace {

// tr(Σ_W Σ_B⁺). Σ_B has the rank of the centred means; its eigenvalues below 1e-9 times the largest count as 0.
double trace_of_ratio(const torch::Tensor& within, const torch::Tensor& between) {
  const auto [values, vectors] = torch::linalg_eigh(between);
  const torch::Tensor used = values > values.max() * 1e-9;
  const torch::Tensor along = (within.mm(vectors) * vectors).sum(0);
  return (along / values).masked_select(used).sum().item<double>();
}

torch::Tensor scaled_to_one(const torch::Tensor& matrix) {
  const double norm = matrix.norm().item<double>();
  return norm > 0 ? matrix / norm : matrix;
}

// The mean of |cos + 1/(C−1)| over pairs of different rows of centred [C, d].
double mean_angle_error(const torch::Tensor& centred) {
  const auto count = static_cast<double>(centred.size(0));
  const torch::Tensor unit = unit_rows(centred);
  const torch::Tensor error = (unit.mm(unit.t()) + 1 / (count - 1)).abs_();
  return ((error.sum() - error.diagonal().sum()) / (count * (count - 1))).item<double>();
}

}  // namespace

FeatureClusters::FeatureClusters(const torch::Tensor& features, const torch::Tensor& labels, std::int64_t class_count) {
  const torch::Tensor counts = class_counts(labels, class_count);
  present_ = counts.nonzero().squeeze(1);
  of_features_.classes = present_.size(0);
  of_features_.images = labels.size(0);
  if (of_features_.classes < 2) return;
  const torch::Tensor z = features.to(torch::kDouble);
  const torch::Tensor all_means =
      class_sums(z, labels, class_count) / counts.clamp_min(1).to(torch::kDouble).unsqueeze(1);
  const torch::Tensor means = all_means.index_select(0, present_);
  centred_ = means - means.mean(0);
  const torch::Tensor spread = z - all_means.index_select(0, labels);
  const auto classes = static_cast<double>(of_features_.classes);
  of_features_.within = trace_of_ratio(spread.t().mm(spread) / static_cast<double>(of_features_.images),
                                       centred_.t().mm(centred_) / classes) /
                        classes;
  const torch::Tensor norms = centred_.norm(2, 1);
  of_features_.norms = (norms.std(/*unbiased=*/false) / norms.mean()).item<double>();
  of_features_.angles = mean_angle_error(centred_);
  nearest_ = present_.index_select(0, torch::cdist(z, means).argmin(1));
}

Collapse FeatureClusters::measure(const torch::Tensor& class_vectors, const torch::Tensor& predicted) const {
  Collapse collapse = of_features_;
  if (collapse.classes < 2) return collapse;
  const torch::Tensor vectors = class_vectors.to(torch::kDouble).index_select(0, present_);
  collapse.duality = (scaled_to_one(vectors - vectors.mean(0)) - scaled_to_one(centred_)).square().sum().item<double>();
  collapse.disagreement = (nearest_ != predicted).to(torch::kDouble).mean().item<double>();
  return collapse;
}

}  // namespace trefoil::pipeline
