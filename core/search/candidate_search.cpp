#include "search/candidate_search.h"

#include <algorithm>
#include <utility>

#include "search/loss_evaluator.h"
#include "search/race.h"

namespace trefoil::search {

Evaluation evaluation_of(const config::Experiment& experiment, int threads) {
  const Parameters& parameters = experiment.search->parameters;
  const std::string& name = parameters.text("metric");
  const Metric metric = name == "accuracy" ? Metric::accuracy : name == "nll" ? Metric::nll : Metric::brier;
  return {{parameters.text("ties") == "first", parameters.real("tolerance")}, metric, threads};
}

CandidateSearch::CandidateSearch(const config::Experiment& experiment, const StageAxes& axes, PhaseStarts& starts,
                                 const Evaluation& evaluation, SearchProgress& progress)
    : experiment_(experiment),
      axes_(axes),
      starts_(starts),
      rule_(evaluation.rule),
      metric_(evaluation.metric),
      threads_(evaluation.threads),
      progress_(progress) {
  for (std::vector<double>& values : combinations(axes.outer, experiment)) {
    Candidate& candidate = candidates_.emplace_back();
    candidate.work = work_of(axes.outer, values);
    candidate.values = std::move(values);
  }
}

void CandidateSearch::search() {
  for (Candidate& candidate : candidates_) {
    open(candidate);
    const std::size_t sets = candidate.plan->count();
    if (sets == 0) return;
    if (&candidate == &candidates_.front()) {
      for (const Candidate& each : candidates_) progress_.expect(each.work * static_cast<double>(sets + 1));
    }
    if (can_race(candidate)) {
      make_sets(candidate, 1);
      progress_.expect(candidate.work);
      evaluate(candidate);
    } else {
      finish(candidate);
    }
  }
  drop_losers();
  for (Candidate& candidate : candidates_) {
    if (candidate.plan) finish(candidate);
  }
}

void CandidateSearch::open(Candidate& candidate) {
  auto setting = std::make_shared<config::Experiment>(experiment_);
  for (std::size_t i = 0; i < axes_.outer.size(); ++i) set_value(*setting, axes_.outer[i], candidate.values[i]);
  candidate.plan = std::make_unique<HeldOutSets>(starts_, std::move(setting));
  last_.resize(std::max(last_.size(), candidate.plan->count()));
}

// Makes sets until there are `count`. A training begins at the classifier that the candidate before got for this set.
void CandidateSearch::make_sets(Candidate& candidate, std::size_t count) {
  while (candidate.sets.size() < count) {
    const std::size_t number = candidate.sets.size();
    progress_.begin_part(candidate.work);
    Classifier& last = last_.at(number);
    candidate.sets.push_back(candidate.plan->make(number, last.text.defined() ? &last : nullptr));
    last = candidate.sets.back().classifier;
  }
}

void CandidateSearch::evaluate(Candidate& candidate) {
  progress_.begin_part(candidate.work);
  const HeldOut& first = candidate.sets.front();
  const bool has_cache = first.classifier.key_count() > 0 || first.classifier.custom_logits;
  inner_ = has_cache ? axes_.inner : CacheHyperparameterAxes();
  start_ = {first.classifier.alpha, first.classifier.beta, first.classifier.gamma};
  if (first.needs_all_logits() && inner_.alpha && inner_.alpha->exact) refuse_exact_alpha();
  candidate.search =
      search_cache_hyperparameters(LossEvaluator(candidate.sets, metric_, threads_), inner_, start_, rule_, metric_,
                                   [this](std::int64_t done, std::int64_t total) { progress_.evaluated(done, total); });
}

// Makes the other sets, and searches on all of them. Sets that will be compared again are kept if they are small.
void CandidateSearch::finish(Candidate& candidate) {
  constexpr std::int64_t kMostKeptBytes = std::int64_t{256} << 20U;
  make_sets(candidate, candidate.plan->count());
  evaluate(candidate);
  candidate.finished = true;
  candidate.plan.reset();
  std::int64_t bytes = 0;
  for (const HeldOut& set : candidate.sets) bytes += set.bytes();
  const bool compared_again = candidate.search.grid.points() > 1;
  if (compared_again && kept_bytes_ + bytes <= kMostKeptBytes) {
    kept_bytes_ += bytes;
  } else {
    candidate.sets.clear();
  }
}

bool CandidateSearch::can_race(const Candidate& candidate) const {
  return experiment_.search->parameters.boolean("race") && candidates_.size() > 1 && candidate.plan->count() > 1 &&
         candidate.plan->queries(0) >= kLeastRaceQueries;
}

// Drops the candidates that lose the race on the first set.
void CandidateSearch::drop_losers() {
  std::vector<Candidate*> racing;
  std::vector<std::vector<float>> losses;
  for (Candidate& candidate : candidates_) {
    if (!candidate.plan) continue;
    racing.push_back(&candidate);
    losses.push_back(candidate.search.best_losses);
  }
  if (racing.empty()) return;
  const std::vector<bool> stays = stays_in_race(losses);
  for (std::size_t i = 0; i < racing.size(); ++i) {
    if (stays[i]) continue;
    progress_.expect(-racing[i]->work * static_cast<double>(racing[i]->plan->count()));
    racing[i]->plan.reset();
    racing[i]->sets.clear();
  }
}

void CandidateSearch::refuse_exact_alpha() const {
  throw config::ConfigError(
      {{experiment_.search->origin,
        "relation.alpha cannot be searched exactly: this relation has custom logits or dense values",
        "give a range, such as \"relation.alpha\" = { from = 1, to = 10, count = 10 }"}});
}

void CandidateSearch::compare(Candidate& candidate, const std::vector<float>& reference) {
  LossGrid& losses = candidate.search.losses;
  if (candidate.search.grid.points() == 1) {
    losses = {};
    losses.append_point(candidate.search.best_losses, reference);
    return;
  }
  if (candidate.sets.empty()) {
    open(candidate);
    progress_.expect(candidate.work * static_cast<double>(candidate.plan->count()));
    make_sets(candidate, candidate.plan->count());
    candidate.plan.reset();
  }
  progress_.begin_part(candidate.work);
  losses = LossEvaluator(candidate.sets, metric_, threads_)
               .loss_grid(candidate.search.grid, reference,
                          [this](std::int64_t done, std::int64_t total) { progress_.evaluated(done, total); });
  candidate.sets.clear();
}

}  // namespace trefoil::search
