// Kernel: the losses of a built-in classifier on one held-out set, for a whole grid of α, β and γ at once.
//
// Computing all logits for every point would be slow. Three facts save nearly all of that work and change no result:
// - Labels are one-hot, so the cache logit of a class is a sum over the keys of that class only.
// - β and γ only change the weights of the keys, so the similarities are computed once.
// - Logits are affine in α, so each query is right on one interval of α: the intersection of one half-line for each
//   other class.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "search/held_out.h"
#include "search/loss_grid.h"
#include "search/row_kernels.h"

namespace trefoil::search {

// `done` of `total` units of work are finished. May throw, to stop the search.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

// Shapes: N queries, C classes, M keys, Q channels of a key, D features.
class Kernel {
 public:
  // `set` must outlive the kernel. It does not need all logits, and its tensors are float32 on the CPU.
  Kernel(const HeldOut& set, int threads);

  // `reference` has the losses [N] of another setting on the same queries, or is empty. Throws Error when a value of γ
  // makes a key's weight overflow; so do the other two functions.
  LossGrid loss_grid(const Grid& grid, Metric metric, const std::vector<float>& reference,
                     const Progress& progress) const;

  // The losses [N] of one setting.
  std::vector<float> losses(double alpha, double beta, double gamma, Metric metric) const;

  // For each pair of β and γ, the interval of α on which each query is right [pairs][N].
  std::vector<std::vector<RightInterval>> intervals(const std::vector<double>& betas,
                                                    const std::vector<double>& gammas) const;

 private:
  using Completed = std::function<void(std::int64_t queries)>;

  struct Block;
  Block block(std::int64_t first, std::int64_t count) const;
  std::int64_t block_size() const;
  // weight · exp(γ · divergence) of the keys at their positions [padded keys], for each γ.
  std::vector<torch::Tensor> weights(const std::vector<double>& gammas) const;
  // Calls visit(logits), with a QueryLogits, for each query of the block and each pair of β and γ.
  template <typename Visit>
  void for_each_pair(std::int64_t first, std::int64_t count, const std::vector<double>& betas,
                     const std::vector<torch::Tensor>& weights, Visit visit) const;
  // The loss grid of one part. Calls completed(n) after the first n queries.
  LossGrid part_losses(const Grid& grid, Metric metric, const std::vector<float>& reference,
                       const Completed& completed) const;

  const HeldOut& set_;
  int threads_;
  KeyLayout layout_;
  torch::Tensor keys_;  // [Q, padded keys], at their positions
  torch::Tensor text_;  // [D, padded classes], at their positions, times s; undefined if the set has base logits
  torch::Tensor bias_;  // [padded classes], at their positions; so low in the padding that its softmax is 0
};

}  // namespace trefoil::search
