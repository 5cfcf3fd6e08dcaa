#include "search/head_choice.h"

#include <algorithm>

#include "search/final_sets.h"
#include "search/loss_evaluator.h"
#include "search/temperature.h"

namespace trefoil::search {

ScoredHead score_head(const config::Experiment& experiment, const data::Task& task, const pipeline::AfterHeads& after,
                      const runtime::RunContext& run, int threads) {
  ScoredHead scored;
  scored.score.head = config::plugin_name(experiment, PluginKind::head);
  const FinalSets final_sets(experiment, task, after, run, /*may_mask=*/false);
  const std::vector<HeldOut>& sets = final_sets.sets();
  if (sets.empty()) return scored;
  scored.score.temperature = best_temperature(sets, threads, final_sets.on_step());
  scored.losses = losses_at(sets, scored.score.temperature, threads);
  scored.score.loss = mean_of(scored.losses);
  const Classifier& first = sets.front().classifier;
  scored.score.error_rate =
      mean_of(LossEvaluator(sets, Metric::accuracy, threads).losses(first.alpha, first.beta, first.gamma));
  return scored;
}

std::size_t choose_head(std::vector<ScoredHead>& heads) {
  const auto lowest = std::min_element(
      heads.begin(), heads.end(), [](const ScoredHead& a, const ScoredHead& b) { return a.score.loss < b.score.loss; });
  for (ScoredHead& head : heads) {
    LossGrid point;
    point.append_point(head.losses, lowest->losses);
    head.score.standard_error = point.standard_error(0, lowest->score.loss);
  }
  const HeadScore& first = heads.front().score;
  const bool keeps_first = first.loss - lowest->score.loss <= first.standard_error;
  const auto chosen = keeps_first ? heads.begin() : lowest;
  chosen->score.chosen = true;
  return static_cast<std::size_t>(chosen - heads.begin());
}

}  // namespace trefoil::search
