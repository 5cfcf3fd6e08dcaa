// StageSearch: one phase of the search, over all parameters that this phase chooses.
#pragma once

#include <functional>
#include <vector>

#include "search/search.h"
#include "search/search_progress.h"

namespace trefoil::search {

// The searched parameters of one phase. Each combination of the values of the outer axes needs a new classifier.
struct StageAxes {
  std::vector<config::SearchAxis> outer;
  CacheHyperparameterAxes inner;
};

class StageSearch {
 public:
  // `after`: see make_held_out.
  StageSearch(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
              pipeline::AfterHeads after, const runtime::RunContext& run, const runtime::Compute& compute);

  // Adds the stage to the result and sets the chosen values in it. Does nothing when no parameter is searched, or when
  // there are no held-out queries.
  void run(SearchResult& result);

 private:
  // Calls use(sets) with the held-out sets for these values of the outer axes, unless there are no such sets.
  // `combination` is an index of outer_.
  void with_held_out(std::size_t combination, const std::function<void(const std::vector<HeldOut>&)>& use);
  // Searches α, β and γ for one combination.
  void search_inner(const std::vector<HeldOut>& sets);
  [[noreturn]] void refuse_exact_alpha() const;
  std::string stage_text(const std::string& verb) const;
  // The time that a combination takes, relative to the others.
  double work_of(std::size_t combination) const;
  // Sets best_, chosen_, chosen_point_ and within_tolerance_.
  void choose();
  void choose_nearest();
  // Distance of a combination from the values in the experiment file.
  double distance_of(std::size_t combination) const;
  SearchStage stage() const;
  void apply(SearchResult& result) const;

  const config::Experiment& experiment_;
  const data::Task& task_;
  SearchPhase phase_;
  pipeline::AfterHeads after_;
  StageAxes axes_;
  SelectionRule rule_;
  Metric metric_;
  SearchProgress progress_;
  runtime::ReportedMetrics unused_metrics_;  // reported by trainings whose classifiers are discarded
  runtime::RunContext run_;
  int threads_;
  CacheHyperparameterAxes inner_;                    // axes_.inner; empty for a classifier without a cache
  CacheHyperparameters start_;                       // of the classifier before the search
  std::vector<std::vector<double>> outer_;           // all combinations of the outer axes
  std::vector<CacheHyperparameterSearch> searches_;  // one for each combination
  std::vector<std::vector<bool>> within_tolerance_;  // for each combination and point
  std::size_t best_ = 0;                             // combination; its point is searches_[best_].best
  std::size_t chosen_ = 0;                           // combination
  std::size_t chosen_point_ = 0;                     // point of this combination
};

}  // namespace trefoil::search
