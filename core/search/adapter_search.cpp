#include "search/adapter_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "pipeline/adapter_stage.h"
#include "pipeline/calibration.h"
#include "search/adapter_rules.h"
#include "search/candidate_search.h"
#include "search/final_sets.h"
#include "search/loss_evaluator.h"
#include "search/stage_axes.h"

namespace trefoil::search {

namespace {

using config::SearchAxis;

// The losses of every held-out image, adapted with these values.
class AdaptedLosses {
 public:
  AdaptedLosses(const std::vector<HeldOut>& sets, const runtime::RunContext& run, Metric metric, int threads)
      : sets_(sets), run_(run), metric_(metric), threads_(threads) {}

  std::vector<float> of(const runtime::PluginChoice& choice) const {
    std::vector<float> all;
    for (const HeldOut& set : sets_) {
      pipeline::AdapterStage adapter(choice, run_);
      const Adapted adapted = adapter.adapt(set.classifier, set.start->support, set.start->channels, *set.queries);
      const std::vector<float> losses = losses_of(
          *set.queries, adapter.plugin_label(),
          [&](std::int64_t first, const torch::Tensor& features) {
            return adapted.logits ? adapted.logits(first, features.size(0)) : adapted.classifier.logits(features);
          },
          adapted.classifier.class_count(), metric_, threads_);
      all.insert(all.end(), losses.begin(), losses.end());
    }
    return all;
  }

 private:
  const std::vector<HeldOut>& sets_;
  const runtime::RunContext& run_;
  Metric metric_;
  int threads_;
};

// The held-out sets of the trained classifier, at the temperature that the search has chosen.
std::vector<HeldOut> sets_of(const FinalSets& final_sets, const SearchResult& result) {
  std::vector<HeldOut> sets = final_sets.sets();
  if (!result.temperature) return sets;
  for (HeldOut& set : sets) set.classifier = pipeline::with_temperature(set.classifier, result.temperature->value);
  return sets;
}

// Chooses a point by the rule of the search, and completes the stage.
void choose(SearchStage& stage, const std::vector<std::vector<float>>& losses, const SelectionRule& rule,
            const std::function<double(std::size_t)>& distance_of) {
  for (std::size_t point = 0; point < stage.points.size(); ++point) {
    if (stage.points[point].loss < stage.points[stage.best].loss) stage.best = point;
  }
  LossGrid grid;
  for (const std::vector<float>& each : losses) grid.append_point(each, losses[stage.best]);
  const double lowest = grid.mean(stage.best);
  stage.chosen = stage.best;
  if (!rule.first_of_ties && rule.tolerance > 0) {
    const Selection selection = nearest_within_tolerance(grid, lowest, rule, distance_of);
    stage.chosen = *selection.point;  // the best point is always within the tolerance
    for (std::size_t point = 0; point < stage.points.size(); ++point) {
      stage.points[point].within_tolerance = selection.within_tolerance[point];
    }
  } else {
    for (SearchedPoint& point : stage.points) point.within_tolerance = point.loss == lowest;
  }
  stage.standard_error = grid.standard_error(stage.chosen, lowest);
}

}  // namespace

bool searches_adapter(const config::Experiment& experiment) { return !adapter_axes(experiment).empty(); }

void search_adapter(SearchResult& result, const data::Task& task, const runtime::RunContext& run, int threads) {
  const std::vector<SearchAxis> axes = adapter_axes(result.experiment);
  const AdapterStatements statements = adapter_statements(result.experiment, run);
  const Evaluation evaluation = evaluation_of(result.experiment, threads);
  const FinalSets final_sets(result.experiment, task, result.after_heads, run, /*may_mask=*/false,
                             std::max<std::int64_t>(2, folds_with(statements.queries_per_class, task)));
  const std::vector<HeldOut> sets = sets_of(final_sets, result);

  SearchProgress progress(run.observer);
  runtime::ReportedMetrics unused_metrics;
  const runtime::RunContext quiet{run.seed, progress, unused_metrics, run.sums, run.threads};
  const AdaptedLosses adapted(sets, quiet, evaluation.metric, threads);
  const std::vector<std::vector<double>> settings = combinations(axes, result.experiment);
  progress.begin_stage("search adapter");
  progress.expect(static_cast<double>(settings.size()));

  SearchStage stage;
  stage.phase = SearchPhase{result.experiment.plugins_of(PluginKind::head).size(), true, true};
  stage.queries = final_sets.queries();
  for (const SearchAxis& axis : axes) stage.columns.push_back(axis.key);
  std::vector<std::vector<float>> losses;
  for (const std::vector<double>& values : settings) {
    config::Experiment setting = result.experiment;
    for (std::size_t i = 0; i < axes.size(); ++i) set_value(setting, axes[i], values[i]);
    progress.begin_part(1);
    losses.push_back(adapted.of(*setting.plugin(PluginKind::adapter)));
    stage.points.push_back({values, mean_of(losses.back()), stage.queries, false});
  }
  choose(stage, losses, evaluation.rule,
         [&](std::size_t point) { return distance_from_file(axes, settings[point], result.experiment); });
  for (std::size_t i = 0; i < axes.size(); ++i) set_value(result.experiment, axes[i], settings[stage.chosen][i]);
  result.stages.push_back(std::move(stage));
  if (statements.assumption.empty()) return;
  result.warnings.push_back(
      fmt::format("the search chose the parameters of adapter {}, which assumes that {}: they are "
                  "right only if classes are as frequent among the queries as among the searched "
                  "images",
                  statements.name, statements.assumption));
}

}  // namespace trefoil::search
