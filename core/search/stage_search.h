// StageSearch: one phase of the search. It chooses among the points that CandidateSearch has evaluated.
#pragma once

#include <string>
#include <vector>

#include "search/candidate_search.h"
#include "search/search.h"
#include "search/search_progress.h"
#include "search/stage_axes.h"

namespace trefoil::search {

class StageSearch {
 public:
  // `after`: see PhaseStarts.
  StageSearch(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
              pipeline::AfterHeads after, const runtime::RunContext& run, const runtime::Compute& compute);

  // Adds the stage to the result and sets the chosen values in it. Does nothing when no parameter is searched, or when
  // there are no held-out queries.
  void run(SearchResult& result);

 private:
  const std::vector<Candidate>& candidates() const { return search_.candidates(); }
  std::string stage_text(const std::string& verb) const;
  // Sets best_, chosen_, chosen_point_ and the tolerance of the candidates.
  void choose();
  void choose_nearest();
  // Distance of a candidate from the values in the experiment file.
  double distance_of(const Candidate& candidate) const;
  SearchStage stage() const;
  void apply(SearchResult& result) const;

  const config::Experiment& experiment_;
  SearchPhase phase_;
  pipeline::AfterHeads after_;
  StageAxes axes_;
  SelectionRule rule_;
  SearchProgress progress_;
  runtime::ReportedMetrics unused_metrics_;  // reported by trainings whose classifiers are discarded
  runtime::RunContext run_;
  PhaseStarts starts_;
  CandidateSearch search_;
  std::size_t best_ = 0;          // candidate; its point is search.best
  std::size_t chosen_ = 0;        // candidate
  std::size_t chosen_point_ = 0;  // point of this candidate
};

}  // namespace trefoil::search
