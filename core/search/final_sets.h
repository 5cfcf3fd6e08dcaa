// FinalSets: the held-out sets of an experiment whose parameters are chosen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/held_out.h"
#include "search/kernel.h"
#include "search/search_progress.h"

namespace trefoil::search {

class FinalSets {
 public:
  // Makes the sets as search.objective says. `after` has the values of α, β and γ that the search has chosen for the
  // classifiers of the heads. All arguments must outlive this object. may_mask: see HeldOutSets; most_folds: see folds.
  // Throws PluginError, DataError, Interrupted.
  FinalSets(const config::Experiment& experiment, const data::Task& task, const pipeline::AfterHeads& after,
            const runtime::RunContext& run, bool may_mask, std::int64_t most_folds = kMostFolds);

  const std::vector<HeldOut>& sets() const { return sets_; }
  std::int64_t queries() const;

  // Reports the progress of what is computed from the sets.
  Progress on_step() const;

 private:
  mutable SearchProgress progress_;
  runtime::ReportedMetrics unused_metrics_;  // reported by trainings whose classifiers are discarded
  runtime::RunContext run_;
  std::vector<HeldOut> sets_;
};

}  // namespace trefoil::search
