// Judge: what is lost over all trials of one setting, for many α, β and γ.
#pragma once

#include <vector>

#include "search/kernel.h"
#include "search/trial.h"

namespace trefoil::search {

class Judge {
 public:
  // The trials outlive it; all with custom logits, or none.
  Judge(const std::vector<Trial>& trials, Metric metric, int threads);

  std::int64_t queries() const { return queries_; }

  // `reference`: the losses of another setting, one a query, or empty.
  Surface surface(const Grid& grid, const std::vector<float>& reference, const Progress& progress) const;

  // One loss a query, trial by trial.
  std::vector<float> losses(double alpha, double beta, double gamma) const;

  // For every pair of β and γ, where each query is right. Not for custom logits.
  std::vector<std::vector<RightInterval>> intervals(const std::vector<double>& betas,
                                                    const std::vector<double>& gammas) const;

 private:
  const std::vector<Trial>& trials_;
  Metric metric_;
  int threads_;
  std::int64_t queries_ = 0;
};

}  // namespace trefoil::search
