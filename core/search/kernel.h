// Kernel: what a classifier of the built-in form loses on a trial, for a whole grid of α, β and γ at once.
//
// The plain way computes all logits for every point. Three facts save nearly all of it, and cost nothing in exactness:
// labels are one-hot, so the cache term is a sum over each class's own keys; β and γ only weigh, so similarities are
// computed once; and the logits are affine in α, so that each query is right on one interval of α, the intersection of
// a half-line for every other class.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "search/key_layout.h"
#include "search/surface.h"
#include "search/trial.h"

namespace trefoil::search {

// `done` of `total` queries are finished. May throw, to stop.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

class Kernel {
 public:
  // `trial.classifier` has no custom logits, and float32 tensors on the CPU.
  Kernel(const Trial& trial, int threads);

  // `reference`: the losses [N] of another setting on the same queries, or empty.
  Surface surface(const Grid& grid, Metric metric, const std::vector<float>& reference, const Progress& progress) const;

  // The losses [N] of one setting.
  std::vector<float> losses(double alpha, double beta, double gamma, Metric metric) const;

  // For every pair of β and γ, the intervals [pairs][N] of α on which the queries are right.
  std::vector<std::vector<RightInterval>> intervals(const std::vector<double>& betas,
                                                    const std::vector<double>& gammas) const;

 private:
  struct Block;
  Block block(std::int64_t first, std::int64_t count) const;
  std::int64_t block_size() const;
  // weight(γ) of the keys by place, for each γ.
  std::vector<torch::Tensor> weights(const std::vector<double>& gammas) const;
  // Calls visit(judged) for every query of the block with every pair of β and γ.
  template <typename Visit>
  void for_each_pair(std::int64_t first, std::int64_t count, const std::vector<double>& betas,
                     const std::vector<torch::Tensor>& weights, Visit visit) const;

  const Trial& trial_;
  int threads_;
  KeyLayout layout_;
  torch::Tensor keys_;  // [Q, key lanes], transposed, by place
  torch::Tensor text_;  // [D, class lanes], transposed, by place, times s; undefined when the trial brings its base
  torch::Tensor bias_;  // [class lanes]; where no class stands, too low to weigh
};

}  // namespace trefoil::search
