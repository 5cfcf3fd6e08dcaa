// LossEvaluator: the losses of settings of α, β and γ over all held-out sets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "search/held_out.h"
#include "search/kernel.h"

namespace trefoil::search {

class LossEvaluator {
 public:
  // The sets must outlive the evaluator. Either all of them need all logits, or none does.
  LossEvaluator(const std::vector<HeldOut>& sets, Metric metric, int threads);

  std::int64_t queries() const { return queries_; }

  // `reference` has the losses of another setting, one for each query, or is empty.
  LossGrid loss_grid(const Grid& grid, const std::vector<float>& reference, const Progress& progress) const;

  // The loss of each query under one setting, set by set.
  std::vector<float> losses(double alpha, double beta, double gamma) const;

  // For each pair of β and γ, the interval of α on which each query is right. Not for sets that need
  // all logits.
  std::vector<std::vector<RightInterval>> intervals(const std::vector<double>& betas,
                                                    const std::vector<double>& gammas) const;

 private:
  const std::vector<HeldOut>& sets_;
  Metric metric_;
  int threads_;
  std::int64_t queries_ = 0;
};

// Returns the logits [n, C] of the queries [first, first + n), whose features are [n, D].
using BlockLogits = std::function<torch::Tensor(std::int64_t first, const torch::Tensor& features)>;

// The loss of each query, with logits of `class_count` classes. `logits` is code of the plugin with this label, called
// on several threads. Throws PluginError when the logits are invalid.
std::vector<float> losses_of(const data::Queries& queries, const std::string& plugin_label, const BlockLogits& logits,
                             std::int64_t class_count, Metric metric, int threads);

// The loss of each query of a set under one setting, from all logits of its classifier. This works for every
// classifier. The set must have no `own_key` and no `base_logits`. Throws PluginError when the logits are invalid.
std::vector<float> dense_losses(const HeldOut& set, double alpha, double beta, double gamma, Metric metric,
                                int threads);

}  // namespace trefoil::search
