// StageSearch: one of the two searches of a run, over everything that is searched at its stage.
#pragma once

#include <functional>
#include <vector>

#include "pipeline/classify.h"
#include "search/quiet.h"
#include "search/result.h"

namespace trefoil::search {

// The axes of one stage, apart: those that α, β and γ are searched inside of, and these.
struct StageAxes {
  std::vector<config::SearchAxis> outer;
  StrengthAxes inner;

  bool empty() const { return outer.empty() && !inner.alpha && !inner.beta && !inner.gamma; }
};

class StageSearch {
 public:
  StageSearch(const config::Experiment& experiment, const data::Task& task, Part part, const pipeline::RunContext& run,
              const pipeline::Compute& compute);

  // Adds the stage and puts what it chose into the result; nothing when there is nothing to search, or to judge by.
  void run(SearchResult& result);

 private:
  // Searches α, β and γ with these values of the outer axes. `show` takes the share that is done.
  void try_out(const std::vector<double>& values, const std::function<void(double)>& show);
  [[noreturn]] void refuse_exact() const;
  // Which setting of the outer axes is taken, by the same rule as within one.
  std::size_t choose();
  SearchStage stage(std::size_t chosen) const;
  void apply(std::size_t chosen, SearchResult& result) const;

  const config::Experiment& experiment_;
  const data::Task& task_;
  Part part_;
  StageAxes axes_;
  Rule rule_;
  Metric metric_;
  Quiet quiet_;
  pipeline::Figures figures_;  // of trainings that are thrown away
  pipeline::RunContext run_;
  int threads_;
  std::vector<std::vector<double>> outer_;  // settings of the outer axes
  std::vector<StrengthSearch> tried_;       // one for each
  std::vector<bool> outer_within_;          // which of them the objective cannot tell from the best
  std::size_t best_ = 0;                    // of them
};

}  // namespace trefoil::search
