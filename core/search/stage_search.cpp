#include "search/stage_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trefoil::search {

namespace {

using config::SearchAxis;

Metric metric_of(const Parameters& parameters) {
  const std::string& name = parameters.text("metric");
  if (name == "accuracy") return Metric::accuracy;
  return name == "nll" ? Metric::nll : Metric::brier;
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
    if (!config::is_cache_hyperparameter(axis.key) && (axis.kind == PluginKind::head) == (part == Part::head))
      axes.outer.push_back(axis);
  }
  return axes;
}

// A strength that the classifier was made with: of the file, or what the relation put there.
Strengths strengths_of(const Classifier& classifier) { return {classifier.alpha, classifier.beta, classifier.gamma}; }

}  // namespace

StageSearch::StageSearch(const config::Experiment& experiment, const data::Task& task, Part part,
                         const runtime::RunContext& run, const runtime::Compute& compute)
    : experiment_(experiment),
      task_(task),
      part_(part),
      axes_(axes_of(experiment, part)),
      rule_{experiment.search->parameters.text("ties") == "first", experiment.search->parameters.real("tolerance")},
      metric_(metric_of(experiment.search->parameters)),
      progress_(run.observer),
      run_{run.seed, progress_, figures_, run.sums, run.threads},
      threads_(compute.threads),
      outer_(combinations(axes_.outer)) {}

void StageSearch::with_trials(std::size_t setting, const std::function<void(const std::vector<Trial>&)>& use) {
  config::Experiment experiment = experiment_;
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) set_value(experiment, axes_.outer[i], outer_[setting][i]);
  progress_.begin_setting();
  const TrialSet set = make_trials(experiment, task_, part_, run_, [this](std::size_t number, std::size_t count) {
    progress_.begin_training(number, count);
  });
  if (!set.trials.empty()) use(set.trials);
}

// An integer that is searched counts work nearly always: epochs, iterations, channels.
double StageSearch::work_of(std::size_t setting) const {
  double work = 1;
  for (std::size_t axis = 0; axis < axes_.outer.size(); ++axis) {
    if (axes_.outer[axis].whole) work *= std::max(1.0, outer_[setting][axis]);
  }
  return work;
}

bool StageSearch::nothing_searched() const {
  return axes_.outer.empty() && !searched_.alpha && !searched_.beta && !searched_.gamma;
}

void StageSearch::run(SearchResult& result) {
  if (axes_.empty()) return;
  std::vector<double> work;
  for (std::size_t i = 0; i < outer_.size(); ++i) work.push_back(work_of(i));
  progress_.begin_stage(part_ == Part::head ? "search head" : "search", work);
  for (std::size_t i = 0; i < outer_.size(); ++i) {
    with_trials(i, [&](const std::vector<Trial>& trials) { try_out(trials); });
  }
  if (tried_.empty() || nothing_searched()) return;
  choose();
  result.stages.push_back(stage());
  apply(result);
}

void StageSearch::try_out(const std::vector<Trial>& trials) {
  const Classifier& classifier = trials.front().classifier;
  const bool gives_logits_only = static_cast<bool>(classifier.custom_logits);
  const bool has_cache = classifier.key_count() > 0 || gives_logits_only;
  searched_ = has_cache ? axes_.inner : StrengthAxes();
  start_ = strengths_of(classifier);
  if (gives_logits_only && searched_.alpha && searched_.alpha->exact) refuse_exact();
  tried_.push_back(
      search_strengths(Judge(trials, metric_, threads_), searched_, start_, rule_, metric_,
                       [this](std::int64_t done, std::int64_t total) { progress_.evaluated(done, total); }));
}

void StageSearch::refuse_exact() const {
  throw config::ConfigError(
      {{experiment_.search->origin, "relation.alpha cannot be searched exactly: this relation gives logits only",
        "give a range, such as \"relation.alpha\" = { from = 1, to = 10, count = 10 }"}});
}

void StageSearch::choose() {
  const auto best = std::min_element(tried_.begin(), tried_.end(), [](const auto& a, const auto& b) {
    return a.surface.loss[a.best] < b.surface.loss[b.best];
  });
  best_ = static_cast<std::size_t>(best - tried_.begin());
  chosen_ = best_;
  chosen_point_ = best->best;
  for (const StrengthSearch& tried : tried_) {
    good_.emplace_back();
    for (const double loss : tried.surface.loss) good_.back().push_back(loss == best->surface.loss[best->best]);
  }
  if (!rule_.first_of_ties && rule_.tolerance > 0) choose_near_the_start();
}

// Settings whose own best point is clearly worse than the best of all are out; the points of the others are compared
// with it one by one.
void StageSearch::choose_near_the_start() {
  const std::vector<float> reference = tried_[best_].best_losses;
  const double least = tried_[best_].surface.mean(tried_[best_].best);
  std::vector<std::size_t> candidates;
  std::vector<double> work;
  for (std::size_t i = 0; i < tried_.size(); ++i) {
    Surface own_best;
    own_best.append(tried_[i].best_losses, reference);
    if (!nearest_of_the_good(own_best, least, rule_, [](std::size_t) { return 0; }).point) continue;
    candidates.push_back(i);
    work.push_back(work_of(i));
  }
  progress_.begin_stage(part_ == Part::head ? "compare heads" : "compare", work);
  double nearest = std::numeric_limits<double>::infinity();
  for (const std::size_t i : candidates) {
    StrengthSearch& tried = tried_[i];
    with_trials(i, [&](const std::vector<Trial>& trials) {
      tried.surface = Judge(trials, metric_, threads_)
                          .surface(tried.grid, reference,
                                   [this](std::int64_t done, std::int64_t total) { progress_.evaluated(done, total); });
    });
    const Taken taken = nearest_of_the_good(tried.surface, least, rule_, [&](std::size_t point) {
      return std::hypot(distance_of(i), distance(searched_, tried.at(point), start_));
    });
    good_[i] = taken.good;
    if (!taken.point || taken.distance >= nearest) continue;
    nearest = taken.distance;
    chosen_ = i;
    chosen_point_ = *taken.point;
  }
}

// Of a setting, from the file's values.
double StageSearch::distance_of(std::size_t setting) const {
  double sum = 0;
  for (std::size_t axis = 0; axis < axes_.outer.size(); ++axis) {
    const double start = config::value_of(experiment_, axes_.outer[axis]);
    sum = std::hypot(sum, distance(axes_.outer[axis], outer_[setting][axis], start));
  }
  return sum;
}

SearchStage StageSearch::stage() const {
  SearchStage stage;
  stage.part = part_;
  for (const SearchAxis& axis : axes_.outer) stage.columns.push_back(axis.key);
  for (const auto* axis : {&searched_.alpha, &searched_.beta, &searched_.gamma}) {
    if (*axis) stage.columns.push_back((*axis)->key);
  }
  stage.own_alpha = tried_.front().grid.alpha_of_pair;
  stage.queries = tried_.front().surface.queries;
  for (std::size_t i = 0; i < tried_.size(); ++i) {
    const StrengthSearch& tried = tried_[i];
    if (i == best_) stage.best = stage.points.size() + tried.best;
    if (i == chosen_) stage.chosen = stage.points.size() + chosen_point_;
    for (std::size_t point = 0; point < tried.grid.points(); ++point) {
      SearchedPoint searched{outer_[i], tried.surface.mean(point), good_[i][point]};
      const Strengths strengths = tried.at(point);
      if (searched_.alpha) searched.values.push_back(strengths.alpha);
      if (searched_.beta) searched.values.push_back(strengths.beta);
      if (searched_.gamma) searched.values.push_back(strengths.gamma);
      stage.points.push_back(std::move(searched));
    }
  }
  const Surface& chosen = tried_[chosen_].surface;
  const double least = stage.points[stage.best].loss;
  if (!chosen.difference.empty()) stage.standard_error = chosen.standard_error(chosen_point_, least);
  return stage;
}

void StageSearch::apply(SearchResult& result) const {
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) {
    set_value(result.experiment, axes_.outer[i], outer_[chosen_][i]);
  }
  const Strengths found = tried_[chosen_].at(chosen_point_);
  if (part_ == Part::head) {
    result.trained = found;
    return;
  }
  if (searched_.alpha) set_value(result.experiment, *searched_.alpha, found.alpha);
  if (searched_.beta) set_value(result.experiment, *searched_.beta, found.beta);
  if (searched_.gamma) set_value(result.experiment, *searched_.gamma, found.gamma);
}

}  // namespace trefoil::search
