#include "search/stage_search.h"

#include <algorithm>
#include <cmath>

namespace trefoil::search {

namespace {

using config::SearchAxis;

Metric metric_of(const Parameters& parameters) {
  const std::string& name = parameters.text("metric");
  if (name == "accuracy") return Metric::accuracy;
  return name == "nll" ? Metric::nll : Metric::brier;
}

bool is_strength(const SearchAxis& axis) {
  return axis.key == "relation.alpha" || axis.key == "relation.beta" || axis.key == "relation.gamma";
}

// All combinations of the axes' values, the first axis slowest.
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

StageAxes axes_of(const config::Experiment& experiment, Part part) {
  StageAxes axes;
  for (const SearchAxis& axis : experiment.search->axes) {
    if (axis.key == "relation.alpha") axes.inner.alpha = axis;
    if (axis.key == "relation.beta") axes.inner.beta = axis;
    if (axis.key == "relation.gamma") axes.inner.gamma = axis;
    if (!is_strength(axis) && (axis.kind == PluginKind::head) == (part == Part::head)) axes.outer.push_back(axis);
  }
  return axes;
}

// A strength that the classifier was made with: of the file, or what the relation put there.
Strengths strengths_of(const Classifier& classifier) { return {classifier.alpha, classifier.beta, classifier.gamma}; }

double squared(double number) { return number * number; }

}  // namespace

StageSearch::StageSearch(const config::Experiment& experiment, const data::Task& task, Part part,
                         const pipeline::RunContext& run, const pipeline::Compute& compute)
    : experiment_(experiment),
      task_(task),
      part_(part),
      axes_(axes_of(experiment, part)),
      rule_{experiment.search->parameters.text("ties") == "first", experiment.search->parameters.real("tolerance")},
      metric_(metric_of(experiment.search->parameters)),
      quiet_(run.observer, part == Part::head ? "search head" : "search"),
      run_{run.seed, quiet_, figures_, run.sums},
      threads_(compute.threads),
      outer_(combinations(axes_.outer)) {}

void StageSearch::run(SearchResult& result) {
  if (axes_.empty()) return;
  for (std::size_t i = 0; i < outer_.size(); ++i) {
    quiet_.at(i, outer_.size(), 0);
    try_out(outer_[i], [&](double share) { quiet_.at(i, outer_.size(), share); });
  }
  if (tried_.empty()) return;
  const std::size_t chosen = choose();
  result.stages.push_back(stage(chosen));
  apply(chosen, result);
}

void StageSearch::try_out(const std::vector<double>& values, const std::function<void(double)>& show) {
  config::Experiment experiment = experiment_;
  for (std::size_t i = 0; i < values.size(); ++i) set_value(experiment, axes_.outer[i], values[i]);
  const TrialSet set = make_trials(experiment, task_, part_, run_);
  if (set.trials.empty()) return;
  const Classifier& classifier = set.trials.front().classifier;
  const bool gives_logits_only = static_cast<bool>(classifier.custom_logits);
  const bool has_cache = classifier.key_count() > 0 || gives_logits_only;
  const StrengthAxes inner = has_cache ? axes_.inner : StrengthAxes();
  if (gives_logits_only && inner.alpha && inner.alpha->exact) refuse_exact();
  const Judge judge(set.trials, metric_, threads_);
  tried_.push_back(search_strengths(
      judge, inner, strengths_of(classifier), rule_, metric_,
      [&](std::int64_t done, std::int64_t total) { show(static_cast<double>(done) / static_cast<double>(total)); }));
}

void StageSearch::refuse_exact() const {
  throw config::ConfigError(
      {{experiment_.search->origin, "relation.alpha cannot be searched exactly: this relation gives logits only",
        "give a range, such as \"relation.alpha\" = { from = 1, to = 10, count = 10 }"}});
}

std::size_t StageSearch::choose() {
  const auto best = std::min_element(tried_.begin(), tried_.end(), [](const auto& a, const auto& b) {
    return a.surface.loss[a.best] < b.surface.loss[b.best];
  });
  best_ = static_cast<std::size_t>(best - tried_.begin());
  outer_within_.assign(tried_.size(), false);
  outer_within_[best_] = true;
  if (rule_.first_of_ties || rule_.tolerance == 0) return best_;
  Surface surface;
  for (const StrengthSearch& tried : tried_) surface.append(tried.best_losses, best->best_losses);
  Taken taken = nearest_of_the_good(surface, best_, rule_, [&](std::size_t i) {
    double sum = 0;
    for (std::size_t axis = 0; axis < axes_.outer.size(); ++axis) {
      const double start = config::value_of(experiment_, axes_.outer[axis]);
      sum += squared(distance(axes_.outer[axis], outer_[i][axis], start));
    }
    return sum;
  });
  outer_within_ = std::move(taken.within);
  return taken.point;
}

SearchStage StageSearch::stage(std::size_t chosen) const {
  SearchStage stage;
  stage.part = part_;
  for (const SearchAxis& axis : axes_.outer) stage.columns.push_back(axis.key);
  for (const auto* axis : {&axes_.inner.alpha, &axes_.inner.beta, &axes_.inner.gamma}) {
    if (*axis) stage.columns.push_back((*axis)->key);
  }
  stage.queries = tried_.front().surface.queries;
  for (std::size_t i = 0; i < tried_.size(); ++i) {
    const StrengthSearch& tried = tried_[i];
    if (i == best_) stage.best = stage.points.size() + tried.best;
    if (i == chosen) stage.chosen = stage.points.size() + tried.chosen;
    for (std::size_t point = 0; point < tried.grid.points(); ++point) {
      SearchedPoint searched{outer_[i], tried.surface.mean(point), outer_within_[i] && tried.within[point]};
      const Strengths strengths = tried.at(point);
      if (axes_.inner.alpha) searched.values.push_back(strengths.alpha);
      if (axes_.inner.beta) searched.values.push_back(strengths.beta);
      if (axes_.inner.gamma) searched.values.push_back(strengths.gamma);
      stage.points.push_back(std::move(searched));
    }
  }
  Surface compared;
  compared.append(tried_[chosen].chosen_losses, tried_[best_].best_losses);
  stage.standard_error = compared.standard_error(0, stage.points[stage.best].loss);
  return stage;
}

void StageSearch::apply(std::size_t chosen, SearchResult& result) const {
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) {
    set_value(result.experiment, axes_.outer[i], outer_[chosen][i]);
  }
  const Strengths found = tried_[chosen].at(tried_[chosen].chosen);
  if (part_ == Part::head) {
    result.trained = found;
    return;
  }
  if (axes_.inner.alpha) set_value(result.experiment, *axes_.inner.alpha, found.alpha);
  if (axes_.inner.beta) set_value(result.experiment, *axes_.inner.beta, found.beta);
  if (axes_.inner.gamma) set_value(result.experiment, *axes_.inner.gamma, found.gamma);
}

}  // namespace trefoil::search
