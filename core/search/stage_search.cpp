#include "search/stage_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace trefoil::search {

namespace {

using config::SearchAxis;

}  // namespace

StageSearch::StageSearch(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
                         pipeline::AfterHeads after, const runtime::RunContext& run, const runtime::Compute& compute)
    : experiment_(experiment),
      phase_(phase),
      after_(std::move(after)),
      axes_(axes_of(experiment, phase)),
      rule_(evaluation_of(experiment, compute.threads).rule),
      progress_(run.observer),
      run_{run.seed, progress_, unused_metrics_, run.sums, run.threads},
      starts_(task, phase, after_, run_),
      search_(experiment, axes_, starts_, evaluation_of(experiment, compute.threads), progress_) {}

// "search", "search head", or "search head 2".
std::string StageSearch::stage_text(const std::string& verb) const {
  if (phase_.is_relation()) return verb;
  const bool is_only_head = phase_.heads == 1 && phase_.is_last;
  return verb + " head" + (is_only_head ? "" : " " + std::to_string(phase_.heads));
}

void StageSearch::run(SearchResult& result) {
  if (axes_.outer.empty() && axes_.inner.empty()) return;
  progress_.begin_stage(stage_text("search"));
  search_.search();
  const bool nothing_searched = axes_.outer.empty() && search_.inner().empty();
  if (nothing_searched || candidates().front().search.losses.queries == 0) return;
  choose();
  result.stages.push_back(stage());
  apply(result);
}

// Chooses among the candidates that were evaluated on all sets.
void StageSearch::choose() {
  std::vector<Candidate>& all = search_.candidates();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].finished) continue;
    if (!all[best_].finished || all[i].lowest_loss() < all[best_].lowest_loss()) best_ = i;
  }
  chosen_ = best_;
  chosen_point_ = all[best_].search.best;
  for (Candidate& candidate : all) {
    for (const double loss : candidate.search.losses.loss_sums) {
      candidate.within_tolerance.push_back(candidate.finished && loss == all[best_].lowest_loss());
    }
  }
  if (!rule_.first_of_ties && rule_.tolerance > 0) choose_nearest();
}

// Applies the one-standard-error rule. Only a candidate whose own best point is within the tolerance is evaluated
// again, to compare each of its points with the best point of all, query by query.
void StageSearch::choose_nearest() {
  std::vector<Candidate>& all = search_.candidates();
  const std::vector<float> reference = all[best_].search.best_losses;
  const double lowest = all[best_].search.losses.mean(all[best_].search.best);
  std::vector<std::size_t> near;
  progress_.begin_stage(stage_text("compare"));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].finished) continue;
    LossGrid own_best;
    own_best.append_point(all[i].search.best_losses, reference);
    if (!nearest_within_tolerance(own_best, lowest, rule_, [](std::size_t) { return 0; }).point) continue;
    near.push_back(i);
    progress_.expect(all[i].work);
  }
  double nearest = std::numeric_limits<double>::infinity();
  for (const std::size_t i : near) {
    search_.compare(all[i], reference);
    const CacheHyperparameterSearch& inner = all[i].search;
    const Selection selection = nearest_within_tolerance(inner.losses, lowest, rule_, [&](std::size_t point) {
      return std::hypot(distance_of(all[i]), distance(search_.inner(), inner.at(point), search_.start()));
    });
    all[i].within_tolerance = selection.within_tolerance;
    if (!selection.point || selection.distance >= nearest) continue;
    nearest = selection.distance;
    chosen_ = i;
    chosen_point_ = *selection.point;
  }
}

double StageSearch::distance_of(const Candidate& candidate) const {
  return distance_from_file(axes_.outer, candidate.values, experiment_);
}

SearchStage StageSearch::stage() const {
  const CacheHyperparameterAxes& searched_inner = search_.inner();
  SearchStage stage;
  stage.phase = phase_;
  for (const SearchAxis& axis : axes_.outer) stage.columns.push_back(axis.key);
  for (const auto* axis : {&searched_inner.alpha, &searched_inner.beta, &searched_inner.gamma}) {
    if (*axis) stage.columns.push_back((*axis)->key);
  }
  stage.alpha_of_pair = candidates()[best_].search.grid.alpha_of_pair;
  stage.queries = candidates()[best_].search.losses.queries;
  for (std::size_t i = 0; i < candidates().size(); ++i) {
    const Candidate& candidate = candidates()[i];
    const CacheHyperparameterSearch& inner = candidate.search;
    if (i == best_) stage.best = stage.points.size() + inner.best;
    if (i == chosen_) stage.chosen = stage.points.size() + chosen_point_;
    for (std::size_t point = 0; point < inner.grid.points(); ++point) {
      SearchedPoint searched{candidate.values, inner.losses.mean(point), inner.losses.queries,
                             candidate.within_tolerance[point]};
      const CacheHyperparameters values = inner.at(point);
      if (searched_inner.alpha) searched.values.push_back(values.alpha);
      if (searched_inner.beta) searched.values.push_back(values.beta);
      if (searched_inner.gamma) searched.values.push_back(values.gamma);
      stage.points.push_back(std::move(searched));
    }
  }
  const LossGrid& chosen = candidates()[chosen_].search.losses;
  const double lowest = stage.points[stage.best].loss;
  if (!chosen.squared_differences.empty()) stage.standard_error = chosen.standard_error(chosen_point_, lowest);
  return stage;
}

void StageSearch::apply(SearchResult& result) const {
  const CacheHyperparameterAxes& searched_inner = search_.inner();
  const Candidate& candidate = candidates()[chosen_];
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) {
    set_value(result.experiment, axes_.outer[i], candidate.values[i]);
  }
  const CacheHyperparameters chosen = candidate.search.at(chosen_point_);
  if (!phase_.is_relation()) {
    result.after_heads.resize(phase_.heads);
    result.after_heads.back() = chosen;
    return;
  }
  if (searched_inner.alpha) set_value(result.experiment, *searched_inner.alpha, chosen.alpha);
  if (searched_inner.beta) set_value(result.experiment, *searched_inner.beta, chosen.beta);
  if (searched_inner.gamma) set_value(result.experiment, *searched_inner.gamma, chosen.gamma);
}

}  // namespace trefoil::search
