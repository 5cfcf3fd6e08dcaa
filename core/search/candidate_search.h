// CandidateSearch: evaluates every combination of the values of the outer axes on the held-out sets.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "search/held_out.h"
#include "search/search_progress.h"
#include "search/stage_axes.h"

namespace trefoil::search {

// One combination of the values of the outer axes.
struct Candidate {
  std::vector<double> values;
  double work = 1;                     // see work_of
  std::unique_ptr<HeldOutSets> plan;   // until all sets are made
  std::vector<HeldOut> sets;           // as far as they are made and kept
  CacheHyperparameterSearch search;    // on these sets
  bool finished = false;               // whether `search` is on all sets; false after a lost race
  std::vector<bool> within_tolerance;  // for each point of the search

  double lowest_loss() const { return search.losses.loss_sums[search.best]; }  // sum over the queries
};

// How candidates are evaluated.
struct Evaluation {
  SelectionRule rule;
  Metric metric = Metric::brier;
  int threads = 1;
};

// As [search] says.
Evaluation evaluation_of(const config::Experiment& experiment, int threads);

class CandidateSearch {
 public:
  // All references must outlive this object.
  CandidateSearch(const config::Experiment& experiment, const StageAxes& axes, PhaseStarts& starts,
                  const Evaluation& evaluation, SearchProgress& progress);

  // Evaluates the candidates. Those that lose the race on their first set are not finished. Without held-out queries,
  // none is evaluated. Throws PluginError, ConfigError, DataError, Interrupted.
  void search();

  // Computes the losses of a finished candidate again, compared with those of another setting on each query.
  void compare(Candidate& candidate, const std::vector<float>& reference);

  std::vector<Candidate>& candidates() { return candidates_; }
  const std::vector<Candidate>& candidates() const { return candidates_; }

  // The axes of α, β and γ; none for a classifier without a cache.
  const CacheHyperparameterAxes& inner() const { return inner_; }

  // The values of the classifier before the search.
  const CacheHyperparameters& start() const { return start_; }

 private:
  bool can_race(const Candidate& candidate) const;
  void drop_losers();
  void open(Candidate& candidate);
  void make_sets(Candidate& candidate, std::size_t count);
  void evaluate(Candidate& candidate);
  void finish(Candidate& candidate);
  [[noreturn]] void refuse_exact_alpha() const;

  const config::Experiment& experiment_;
  const StageAxes& axes_;
  PhaseStarts& starts_;
  SelectionRule rule_;
  Metric metric_;
  int threads_;
  SearchProgress& progress_;
  CacheHyperparameterAxes inner_;
  CacheHyperparameters start_;
  std::vector<Candidate> candidates_;
  std::vector<Classifier> last_;  // for each set: the classifier that was made last
  std::int64_t kept_bytes_ = 0;   // of the sets of finished candidates
};

}  // namespace trefoil::search
