#include "search/temperature.h"

#include <algorithm>
#include <cmath>

#include "pipeline/calibration.h"
#include "search/cache_hyperparameters.h"
#include "search/final_sets.h"
#include "search/loss_evaluator.h"

namespace trefoil::search {

namespace {

constexpr double kLowest = 0.5;
constexpr double kHighest = 2;

}  // namespace

std::vector<float> losses_at(const std::vector<HeldOut>& sets, double temperature, int threads) {
  std::vector<HeldOut> scaled = sets;
  for (HeldOut& set : scaled) {
    set.classifier = pipeline::with_temperature(set.classifier, temperature);
    if (set.base_logits.defined()) set.base_logits = set.base_logits / temperature;
  }
  const Classifier& first = scaled.front().classifier;
  return LossEvaluator(scaled, Metric::nll, threads).losses(first.alpha, first.beta, first.gamma);
}

double best_temperature(const std::vector<HeldOut>& sets, int threads, const Progress& on_step) {
  std::int64_t steps = 0;
  const auto loss = [&](double logarithm) {
    on_step(++steps, 31);
    return mean_of(losses_at(sets, std::exp(logarithm), threads));
  };
  return std::exp(lowest_within(loss, std::log(kLowest), std::log(kHighest)));
}

double drawn_towards_1(double best, std::int64_t queries) {
  constexpr double kQueries = 100;
  const auto count = static_cast<double>(queries);
  return std::exp(std::log(std::clamp(best, kLowest, kHighest)) * count / (count + kQueries));
}

Temperature choose_temperature(const config::Experiment& experiment, const data::Task& task,
                               const pipeline::AfterHeads& after, const runtime::RunContext& run, int threads) {
  const FinalSets final_sets(experiment, task, after, run, /*may_mask=*/true);
  const std::vector<HeldOut>& sets = final_sets.sets();
  Temperature result;
  if (sets.empty()) return result;
  result.queries = final_sets.queries();
  result.best = best_temperature(sets, threads, final_sets.on_step());
  result.value = drawn_towards_1(result.best, result.queries);
  result.loss_at_1 = mean_of(losses_at(sets, 1, threads));
  result.loss = mean_of(losses_at(sets, result.value, threads));
  return result;
}

}  // namespace trefoil::search
