// StageSearch: one of the two searches of a run, over everything that is searched at its stage.
#pragma once

#include <functional>
#include <vector>

#include "pipeline/classify.h"
#include "search/result.h"
#include "search/search_progress.h"

namespace trefoil::search {

// The axes of one stage, apart: those that α, β and γ are searched inside of, and these.
struct StageAxes {
  std::vector<config::SearchAxis> outer;
  StrengthAxes inner;

  bool empty() const { return outer.empty() && !inner.alpha && !inner.beta && !inner.gamma; }
};

class StageSearch {
 public:
  StageSearch(const config::Experiment& experiment, const data::Task& task, Part part, const runtime::RunContext& run,
              const runtime::Compute& compute);

  // Adds the stage and puts what it chose into the result; nothing when there is nothing to search, or to judge by.
  void run(SearchResult& result);

 private:
  // Calls use(trials) with these values of the outer axes; not when there is nothing to judge by.
  void with_trials(std::size_t setting, const std::function<void(const std::vector<Trial>&)>& use);
  // Searches α, β and γ for one setting of the outer axes.
  void try_out(const std::vector<Trial>& trials);
  [[noreturn]] void refuse_exact() const;
  // The time that the setting takes, in proportion to the other settings.
  double work_of(std::size_t setting) const;
  bool nothing_searched() const;
  // Settles which setting and which point of it is taken.
  void choose();
  void choose_near_the_start();
  double distance_of(std::size_t setting) const;
  SearchStage stage() const;
  void apply(SearchResult& result) const;

  const config::Experiment& experiment_;
  const data::Task& task_;
  Part part_;
  StageAxes axes_;
  Rule rule_;
  Metric metric_;
  SearchProgress progress_;
  runtime::ReportedMetrics figures_;  // of trainings that are thrown away
  runtime::RunContext run_;
  int threads_;
  StrengthAxes searched_;                   // of α, β and γ: none for a classifier without a cache
  Strengths start_;                         // of the classifier, where the search starts from
  std::vector<std::vector<double>> outer_;  // settings of the outer axes
  std::vector<StrengthSearch> tried_;       // one for each
  std::vector<std::vector<bool>> good_;     // which points the objective cannot tell from the best, of each
  std::size_t best_ = 0;                    // setting; its point is tried_[best_].best
  std::size_t chosen_ = 0;                  // setting
  std::size_t chosen_point_ = 0;            // of it
};

}  // namespace trefoil::search
