#include "search/stage_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace trefoil::search {

namespace {

using config::SearchAxis;

Metric metric_of(const Parameters& parameters) {
  const std::string& name = parameters.text("metric");
  if (name == "accuracy") return Metric::accuracy;
  return name == "nll" ? Metric::nll : Metric::brier;
}

// All combinations of the axes' values, with the first axis slowest.
std::vector<std::vector<double>> combinations(const std::vector<SearchAxis>& axes) {
  std::vector<std::vector<double>> all = {{}};
  for (const SearchAxis& axis : axes) {
    std::vector<std::vector<double>> longer;
    for (const std::vector<double>& values : all) {
      for (const double value : axis.values) {
        longer.push_back(values);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

StageAxes axes_of(const config::Experiment& experiment, SearchPhase phase) {
  StageAxes axes;
  for (const SearchAxis& axis : experiment.search->axes) {
    if (axis.key == "relation.alpha") axes.inner.alpha = axis;
    if (axis.key == "relation.beta") axes.inner.beta = axis;
    if (axis.key == "relation.gamma") axes.inner.gamma = axis;
    const std::size_t heads = axis.place.kind == PluginKind::head ? axis.place.position + 1 : 0;
    const bool of_this_phase = heads == phase.heads;
    if (!config::is_cache_hyperparameter(axis.key) && of_this_phase) axes.outer.push_back(axis);
  }
  return axes;
}

}  // namespace

StageSearch::StageSearch(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
                         pipeline::AfterHeads after, const runtime::RunContext& run, const runtime::Compute& compute)
    : experiment_(experiment),
      task_(task),
      phase_(phase),
      after_(std::move(after)),
      axes_(axes_of(experiment, phase)),
      rule_{experiment.search->parameters.text("ties") == "first", experiment.search->parameters.real("tolerance")},
      metric_(metric_of(experiment.search->parameters)),
      progress_(run.observer),
      run_{run.seed, progress_, unused_metrics_, run.sums, run.threads},
      threads_(compute.threads),
      outer_(combinations(axes_.outer)) {}

void StageSearch::with_held_out(std::size_t combination, const std::function<void(const std::vector<HeldOut>&)>& use) {
  config::Experiment experiment = experiment_;
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) set_value(experiment, axes_.outer[i], outer_[combination][i]);
  progress_.begin_setting();
  const HeldOutSets held_out =
      make_held_out(experiment, task_, phase_, after_, run_,
                    [this](std::size_t number, std::size_t count) { progress_.begin_training(number, count); });
  if (!held_out.sets.empty()) use(held_out.sets);
}

// "search", "search head", or "search head 2".
std::string StageSearch::stage_text(const std::string& verb) const {
  if (phase_.is_relation()) return verb;
  const bool is_only_head = phase_.heads == 1 && phase_.is_last;
  return verb + " head" + (is_only_head ? "" : " " + std::to_string(phase_.heads));
}

// Nearly every searched integer is proportional to the work: epochs, iterations, channels.
double StageSearch::work_of(std::size_t combination) const {
  double work = 1;
  for (std::size_t axis = 0; axis < axes_.outer.size(); ++axis) {
    if (axes_.outer[axis].whole) work *= std::max(1.0, outer_[combination][axis]);
  }
  return work;
}

void StageSearch::run(SearchResult& result) {
  if (axes_.outer.empty() && axes_.inner.empty()) return;
  std::vector<double> work;
  for (std::size_t i = 0; i < outer_.size(); ++i) work.push_back(work_of(i));
  progress_.begin_stage(stage_text("search"), work);
  for (std::size_t i = 0; i < outer_.size(); ++i) {
    with_held_out(i, [&](const std::vector<HeldOut>& sets) { search_inner(sets); });
  }
  const bool nothing_searched = axes_.outer.empty() && inner_.empty();
  if (searches_.empty() || nothing_searched) return;
  choose();
  result.stages.push_back(stage());
  apply(result);
}

void StageSearch::search_inner(const std::vector<HeldOut>& sets) {
  const Classifier& classifier = sets.front().classifier;
  const bool has_cache = classifier.key_count() > 0 || classifier.custom_logits;
  inner_ = has_cache ? axes_.inner : CacheHyperparameterAxes();
  start_ = {classifier.alpha, classifier.beta, classifier.gamma};
  if (sets.front().needs_all_logits() && inner_.alpha && inner_.alpha->exact) refuse_exact_alpha();
  searches_.push_back(search_cache_hyperparameters(
      LossEvaluator(sets, metric_, threads_), inner_, start_, rule_, metric_,
      [this](std::int64_t done, std::int64_t total) { progress_.evaluated(done, total); }));
}

void StageSearch::refuse_exact_alpha() const {
  throw config::ConfigError(
      {{experiment_.search->origin,
        "relation.alpha cannot be searched exactly: this relation has custom logits or dense values",
        "give a range, such as \"relation.alpha\" = { from = 1, to = 10, count = 10 }"}});
}

void StageSearch::choose() {
  const auto best = std::min_element(searches_.begin(), searches_.end(), [](const auto& a, const auto& b) {
    return a.losses.loss_sums[a.best] < b.losses.loss_sums[b.best];
  });
  best_ = static_cast<std::size_t>(best - searches_.begin());
  chosen_ = best_;
  chosen_point_ = best->best;
  const double lowest = best->losses.loss_sums[best->best];
  for (const CacheHyperparameterSearch& inner : searches_) {
    within_tolerance_.emplace_back();
    for (const double loss : inner.losses.loss_sums) within_tolerance_.back().push_back(loss == lowest);
  }
  if (!rule_.first_of_ties && rule_.tolerance > 0) choose_nearest();
}

// Applies the one-standard-error rule. Only a combination whose own best point is within the tolerance is evaluated
// again, to compare each of its points with the best point of all, query by query.
void StageSearch::choose_nearest() {
  const std::vector<float> reference = searches_[best_].best_losses;
  const double lowest = searches_[best_].losses.mean(searches_[best_].best);
  std::vector<std::size_t> candidates;
  std::vector<double> work;
  for (std::size_t i = 0; i < searches_.size(); ++i) {
    LossGrid own_best;
    own_best.append_point(searches_[i].best_losses, reference);
    if (!nearest_within_tolerance(own_best, lowest, rule_, [](std::size_t) { return 0; }).point) continue;
    candidates.push_back(i);
    work.push_back(work_of(i));
  }
  progress_.begin_stage(stage_text("compare"), work);
  double nearest = std::numeric_limits<double>::infinity();
  for (const std::size_t i : candidates) {
    CacheHyperparameterSearch& inner = searches_[i];
    with_held_out(i, [&](const std::vector<HeldOut>& sets) {
      inner.losses = LossEvaluator(sets, metric_, threads_)
                         .loss_grid(inner.grid, reference, [this](std::int64_t done, std::int64_t total) {
                           progress_.evaluated(done, total);
                         });
    });
    const Selection selection = nearest_within_tolerance(inner.losses, lowest, rule_, [&](std::size_t point) {
      return std::hypot(distance_of(i), distance(inner_, inner.at(point), start_));
    });
    within_tolerance_[i] = selection.within_tolerance;
    if (!selection.point || selection.distance >= nearest) continue;
    nearest = selection.distance;
    chosen_ = i;
    chosen_point_ = *selection.point;
  }
}

double StageSearch::distance_of(std::size_t combination) const {
  double sum = 0;
  for (std::size_t axis = 0; axis < axes_.outer.size(); ++axis) {
    const double start = config::value_of(experiment_, axes_.outer[axis]);
    sum = std::hypot(sum, distance(axes_.outer[axis], outer_[combination][axis], start));
  }
  return sum;
}

SearchStage StageSearch::stage() const {
  SearchStage stage;
  stage.phase = phase_;
  for (const SearchAxis& axis : axes_.outer) stage.columns.push_back(axis.key);
  for (const auto* axis : {&inner_.alpha, &inner_.beta, &inner_.gamma}) {
    if (*axis) stage.columns.push_back((*axis)->key);
  }
  stage.alpha_of_pair = searches_.front().grid.alpha_of_pair;
  stage.queries = searches_.front().losses.queries;
  for (std::size_t i = 0; i < searches_.size(); ++i) {
    const CacheHyperparameterSearch& inner = searches_[i];
    if (i == best_) stage.best = stage.points.size() + inner.best;
    if (i == chosen_) stage.chosen = stage.points.size() + chosen_point_;
    for (std::size_t point = 0; point < inner.grid.points(); ++point) {
      SearchedPoint searched{outer_[i], inner.losses.mean(point), within_tolerance_[i][point]};
      const CacheHyperparameters values = inner.at(point);
      if (inner_.alpha) searched.values.push_back(values.alpha);
      if (inner_.beta) searched.values.push_back(values.beta);
      if (inner_.gamma) searched.values.push_back(values.gamma);
      stage.points.push_back(std::move(searched));
    }
  }
  const LossGrid& chosen = searches_[chosen_].losses;
  const double lowest = stage.points[stage.best].loss;
  if (!chosen.squared_differences.empty()) stage.standard_error = chosen.standard_error(chosen_point_, lowest);
  return stage;
}

void StageSearch::apply(SearchResult& result) const {
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) {
    set_value(result.experiment, axes_.outer[i], outer_[chosen_][i]);
  }
  const CacheHyperparameters chosen = searches_[chosen_].at(chosen_point_);
  if (!phase_.is_relation()) {
    result.after_heads.resize(phase_.heads);
    result.after_heads.back() = chosen;
    return;
  }
  if (inner_.alpha) set_value(result.experiment, *inner_.alpha, chosen.alpha);
  if (inner_.beta) set_value(result.experiment, *inner_.beta, chosen.beta);
  if (inner_.gamma) set_value(result.experiment, *inner_.gamma, chosen.gamma);
}

}  // namespace trefoil::search
