#include "noise_objective.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "../training/examples.h"
#include "../training/softmax_errors.h"

namespace whitening {

namespace {

using head_training::blocks_of;
using head_training::kBlock;

struct Range {
  std::int64_t first;
  std::int64_t count;
};

// Returns the rows of a block.
Range block_of(std::int64_t block, std::int64_t rows) {
  const std::int64_t first = block * kBlock;
  return {first, std::min(kBlock, rows - first)};
}

torch::Tensor part(const torch::Tensor& tensor, const Range& range) {
  return tensor.narrow(0, range.first, range.count);
}

}  // namespace

NoiseObjective::NoiseObjective(Problem problem, parallel::Workers& workers)
    : problem_(std::move(problem)), workers_(workers) {
  const std::int64_t classes = problem_.start.size(0);
  const std::int64_t examples = problem_.features.size(0);
  errors_ = torch::empty({examples, classes}, problem_.features.options());
  losses_.resize(static_cast<std::size_t>(blocks_of(examples)));
  if (problem_.noise == 0) return;
  products_ = torch::empty({classes, classes}, problem_.features.options());
  product_gradient_ = torch::empty_like(products_);
  class_begin_.assign(static_cast<std::size_t>(classes) + 1, 0);
  const auto* label = problem_.labels.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < examples; ++i) ++class_begin_[static_cast<std::size_t>(label[i]) + 1];
  std::partial_sum(class_begin_.begin(), class_begin_.end(), class_begin_.begin());
}

double NoiseObjective::evaluate(const torch::Tensor& residual, const torch::Tensor& gradient) {
  torch::Tensor weights;
  if (problem_.noise != 0) {
    weights = problem_.start + residual * problem_.scale;
    multiply_weights(weights);
  }
  const double loss = compute_errors(residual);
  if (problem_.noise != 0) sum_errors_by_class();
  compute_gradient(residual, weights, gradient);
  return loss + 0.5 * problem_.ridge * penalised(residual).square().sum(torch::kDouble).item<double>();
}

// The columns [rows, D − free] of a part of R that the ridge penalty counts.
torch::Tensor NoiseObjective::penalised(const torch::Tensor& residual) const {
  return residual.narrow(1, 0, residual.size(1) - problem_.free_columns);
}

// Computes G.
void NoiseObjective::multiply_weights(const torch::Tensor& weights) {
  const std::int64_t classes = weights.size(0);
  workers_.run(blocks_of(classes), [&](std::int64_t block, int /*worker*/) {
    const Range rows = block_of(block, classes);
    torch::Tensor target = part(products_, rows);
    torch::mm_out(target, part(weights, rows), weights.t()).mul_(problem_.variance);
  });
}

// Returns the loss without the penalty, and keeps its derivative by z.
double NoiseObjective::compute_errors(const torch::Tensor& residual) {
  const std::int64_t examples = problem_.features.size(0);
  const torch::Tensor half_squares =
      problem_.noise == 0 ? torch::Tensor() : products_.diagonal() * (0.5 * problem_.noise);
  workers_.run(blocks_of(examples), [&](std::int64_t block, int /*worker*/) {
    const Range rows = block_of(block, examples);
    const torch::Tensor labels = part(problem_.labels, rows);
    torch::Tensor logits = part(errors_, rows);
    torch::mm_out(logits, part(problem_.features, rows), residual.t()).mul_(problem_.scale);
    logits.add_(part(problem_.logits, rows));
    if (problem_.noise != 0) {
      logits.add_(half_squares).sub_(products_.index_select(0, labels), problem_.noise);
    }
    losses_[static_cast<std::size_t>(block)] = head_training::softmax_errors(logits, labels, problem_.example_weight);
  });
  return problem_.example_weight * std::accumulate(losses_.begin(), losses_.end(), 0.0);
}

// Computes A: A_cj = −ν Σ_{i: y_i = c} E_ij, then A_jj += ν/2 Σ_i E_ij.
void NoiseObjective::sum_errors_by_class() {
  const std::int64_t classes = problem_.start.size(0);
  workers_.run(blocks_of(classes), [&](std::int64_t block, int /*worker*/) {
    const Range rows = block_of(block, classes);
    for (std::int64_t c = rows.first; c < rows.first + rows.count; ++c) {
      const std::int64_t begin = class_begin_[static_cast<std::size_t>(c)];
      const std::int64_t end = class_begin_[static_cast<std::size_t>(c) + 1];
      torch::Tensor target = product_gradient_[c];
      torch::sum_out(target, errors_.slice(0, begin, end), torch::IntArrayRef{0}).mul_(-problem_.noise);
    }
  });
  // The columns of A hold −ν Σ_i E_ij, so their sums give the diagonal without another pass over E.
  const torch::Tensor by_column = product_gradient_.sum(0);
  product_gradient_.diagonal().sub_(by_column, 0.5);
}

// Writes scale · (Eᵀ Φ + t (A + Aᵀ) U) + λ R, and 0 for the classes that are not trained.
void NoiseObjective::compute_gradient(const torch::Tensor& residual, const torch::Tensor& weights,
                                      const torch::Tensor& gradient) {
  const std::int64_t classes = residual.size(0);
  workers_.run(blocks_of(classes), [&](std::int64_t block, int /*worker*/) {
    const Range rows = block_of(block, classes);
    torch::Tensor target = part(gradient, rows);
    torch::mm_out(target, errors_.narrow(1, rows.first, rows.count).t(), problem_.features);
    if (problem_.noise != 0) {
      const torch::Tensor both =
          part(product_gradient_, rows) + product_gradient_.narrow(1, rows.first, rows.count).t();
      target.addmm_(both, weights, /*beta=*/1, /*alpha=*/problem_.variance);
    }
    target.mul_(problem_.scale);
    penalised(target).add_(penalised(part(residual, rows)), problem_.ridge);
    target.mul_(part(problem_.trained, rows).unsqueeze(1));
  });
}

}  // namespace whitening
