#include "transduction.h"

#include <ATen/ops/bmm.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <utility>

#include "confident_means.h"

namespace adapting {

namespace {

constexpr std::int64_t kInnerSteps = 5;
constexpr std::int64_t kConfident = 8;      // queries whose mean a class without support images begins with
constexpr std::int64_t kUpdatedRows = 256;  // queries that are updated together

}  // namespace

Transduction::Transduction(const torch::Tensor& nodes, const trefoil::Support& support, const Neighbours& neighbours,
                           torch::Tensor log_probabilities, double lambda, double gamma, parallel::Workers& workers)
    : rows_(nodes.narrow(/*dim=*/0, 0, log_probabilities.size(0))), workers_(workers) {
  classes_ = log_probabilities.exp();
  evidence_ = at::empty_like(classes_);
  next_ = at::empty_like(classes_);
  labelled_ = {torch::zeros({support.class_count()}, torch::kDouble),
               torch::zeros({support.class_count(), support.width()}, torch::kDouble),
               torch::zeros({support.width()}, torch::kDouble)};
  if (support.image_count() > 0) {
    add_labelled(support.images, support.labels, gamma / static_cast<double>(support.image_count()), labelled_);
  }
  set_first_means(support, log_probabilities);
  gaussians_.variances = torch::full({support.width()}, 1.0 / static_cast<double>(support.width()), torch::kDouble);
  own_ = std::move(log_probabilities);
  own_.mul_(lambda);
  take_neighbours(neighbours, support);
}

void Transduction::set_first_means(const trefoil::Support& support, const torch::Tensor& log_probabilities) {
  gaussians_.means = confident_means(rows_, log_probabilities, kConfident, workers_);
  if (support.image_count() == 0) return;
  const torch::Tensor counts = trefoil::class_counts(support.labels, support.class_count()).unsqueeze(1);
  const torch::Tensor sums =
      trefoil::class_sums(support.images.to(torch::kDouble), support.labels, support.class_count());
  gaussians_.means = at::where(counts > 0, sums / counts.clamp_min(1), gaussians_.means);
}

// The classes of support images are fixed, so their part of Σ_j w_ij z_j is computed once.
void Transduction::take_neighbours(const Neighbours& neighbours, const trefoil::Support& support) {
  const std::int64_t count = rows_.size(0);
  const torch::Tensor index = neighbours.index.narrow(/*dim=*/0, 0, count).to(torch::kLong);
  const torch::Tensor weights = neighbours.cosines.narrow(/*dim=*/0, 0, count).clamp_min(0);
  const torch::Tensor is_labelled = index >= count;
  index_ = index.masked_fill(is_labelled, 0);
  weights_ = weights.masked_fill(is_labelled, 0);
  if (support.image_count() == 0) return;
  const torch::Tensor labels =
      support.labels.index_select(/*dim=*/0, (index - count).clamp_min(0).flatten()).view_as(index);
  own_.scatter_add_(/*dim=*/1, labels, weights.masked_fill(is_labelled.logical_not(), 0));
}

torch::Tensor Transduction::solve(std::int64_t steps, const std::function<void(std::int64_t, std::int64_t)>& progress) {
  for (std::int64_t step = 0; step < steps; ++step) {
    if (step > 0) fit_gaussians();
    weigh_densities();
    for (std::int64_t inner = 1; inner <= kInnerSteps; ++inner) {
      update_classes(/*takes_logarithm=*/step + 1 == steps && inner == kInnerSteps);
    }
    progress(step + 1, steps);
  }
  return classes_;
}

void Transduction::fit_gaussians() {
  Moments moments = moments_of(rows_, classes_, 1 / static_cast<double>(rows_.size(0)), workers_);
  moments.counts += labelled_.counts;
  moments.sums += labelled_.sums;
  moments.squares += labelled_.squares;
  fit(moments, gaussians_);
}

void Transduction::weigh_densities() {
  for_each_block([&](std::int64_t first, std::int64_t size) {
    evidence_.narrow(/*dim=*/0, first, size)
        .copy_(log_densities(gaussians_, rows_.narrow(/*dim=*/0, first, size)) + own_.narrow(/*dim=*/0, first, size));
  });
}

void Transduction::update_classes(bool takes_logarithm) {
  for_each_block([&](std::int64_t first, std::int64_t size) {
    const torch::Tensor index = index_.narrow(/*dim=*/0, first, size);
    const torch::Tensor around =
        classes_.index_select(/*dim=*/0, index.flatten()).view({size, index.size(1), classes_.size(1)});
    const torch::Tensor weights = weights_.narrow(/*dim=*/0, first, size).unsqueeze(1);
    const torch::Tensor logits = evidence_.narrow(/*dim=*/0, first, size) + at::bmm(weights, around).squeeze(/*dim=*/1);
    next_.narrow(/*dim=*/0, first, size).copy_(takes_logarithm ? logits.log_softmax(1) : logits.softmax(1));
  });
  std::swap(classes_, next_);
}

// Blocks have a fixed size, so results do not depend on the number of threads.
void Transduction::for_each_block(const std::function<void(std::int64_t first, std::int64_t size)>& use) const {
  const std::int64_t count = rows_.size(0);
  workers_.run((count + kUpdatedRows - 1) / kUpdatedRows, [&](std::int64_t block, int /*worker*/) {
    const std::int64_t first = block * kUpdatedRows;
    use(first, std::min(kUpdatedRows, count - first));
  });
}

double transduction_bytes(double queries, double neighbours, double classes, double element_bytes, int threads) {
  const double sorting = threads * confident_means_bytes(queries);
  return queries * (4 * classes * element_bytes + neighbours * (sizeof(std::int64_t) + element_bytes)) + sorting;
}

}  // namespace adapting
