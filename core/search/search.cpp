#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "search/adapter_rules.h"
#include "search/adapter_search.h"
#include "search/stage_search.h"
#include "trefoil/support.h"

namespace trefoil::search {

namespace {

std::string classes_with(std::int64_t count, const char* what) {
  return base::counted(count, "class") + (count == 1 ? " has " : " have ") + what;
}

// Warns about classes that leave-one-out cannot evaluate.
void warn_of_unevaluated_classes(const data::Task& task, SearchResult& result) {
  const torch::Tensor counts = class_counts(task.support.labels, task.support.class_count());
  const auto single = (counts == 1).sum().item<std::int64_t>();
  const auto several = (counts > 1).sum().item<std::int64_t>();
  const auto none = (counts == 0).sum().item<std::int64_t>();
  if (several == 0) {
    result.warnings.push_back(
        "search.objective = \"loo\" needs a class with two or more images, and there is none. Nothing was searched; "
        "the values of the file are used");
  } else if (single > 0) {
    result.warnings.push_back(
        fmt::format("{}, which cannot be left out: the search evaluates the images of the other {}",
                    classes_with(single, "one image"), base::counted(several, "class")));
  }
  if (several > 0 && none > 0) {
    result.warnings.push_back(fmt::format("{}: the search cannot measure how the cache affects their queries",
                                          classes_with(none, "no images")));
  }
}

// Throws before any training if some value of selector.q is too large.
void require_channels(const config::Experiment& experiment, const data::Task& task) {
  for (const config::SearchAxis& axis : experiment.search->axes) {
    const double most = *std::max_element(axis.values.begin(), axis.values.end());
    if (axis.key != "selector.q" || most <= static_cast<double>(task.support.width())) continue;
    throw config::ConfigError(
        {{axis.origin,
          fmt::format("the search would keep q = {} channels, but the features have only D = {} channels",
                      base::number_text(most), task.support.width()),
          fmt::format("try values from 1 to {}", task.support.width())}});
  }
}

// Replaces the head, and forgets where the parameters of the old one were set.
void replace_head(config::Experiment& experiment, const runtime::PluginChoice& head) {
  experiment.plugins[PluginKind::head] = {head};
  const auto is_parameter = [](const config::SettingSource& source) {
    return base::starts_with(source.key, "head.") && source.key != "head.plugin";
  };
  auto& sources = experiment.sources;
  sources.erase(std::remove_if(sources.begin(), sources.end(), is_parameter), sources.end());
}

// Searches the parameters of a candidate, with all other parameters as in `start`.
SearchResult search_candidate(const SearchResult& start, const config::HeadCandidate& candidate, const data::Task& task,
                              const runtime::RunContext& run, const runtime::Compute& compute) {
  SearchResult result = start;
  replace_head(result.experiment, candidate.choice);
  std::vector<config::SearchAxis>& axes = result.experiment.search->axes;
  axes.insert(axes.end(), candidate.axes.begin(), candidate.axes.end());
  const config::Experiment experiment = result.experiment;
  StageSearch(experiment, task, {1, true}, {}, run, compute).run(result);
  return result;
}

// Searches each head of the list, and chooses one. The head of the experiment is the first, so that it is kept unless
// another is clearly better.
void search_heads(SearchResult& result, const data::Task& task, const runtime::RunContext& run,
                  const runtime::Compute& compute) {
  const auto& heads = result.experiment.plugins_of(PluginKind::head);
  std::vector<config::HeadCandidate> candidates = result.experiment.search->heads;
  std::stable_partition(candidates.begin(), candidates.end(), [&](const config::HeadCandidate& candidate) {
    return candidate.choice.plugin == heads.front().plugin;
  });
  std::vector<SearchResult> results;
  std::vector<ScoredHead> scores;
  for (const config::HeadCandidate& candidate : candidates) {
    results.push_back(search_candidate(result, candidate, task, run, compute));
    scores.push_back(score_head(results.back().experiment, task, results.back().after_heads, run, compute.threads));
    if (!scores.back().losses.empty()) continue;
    result.warnings.push_back("'head.plugin' in [search] needs held-out images, and there are none: the head '" +
                              scores.back().score.head + "' is used");
    return;
  }
  result = results[choose_head(scores)];
  for (const ScoredHead& head : scores) result.heads.push_back(head.score);
}

}  // namespace

double SearchStage::margin() const {
  const double lowest = points[best].loss;
  double next = std::numeric_limits<double>::infinity();
  for (const SearchedPoint& point : points) {
    if (point.queries == queries && point.loss > lowest) next = std::min(next, point.loss);
  }
  return std::isfinite(next) ? next - lowest : 0;
}

double SearchStage::fraction_within_tolerance() const {
  const auto within =
      std::count_if(points.begin(), points.end(), [](const SearchedPoint& point) { return point.within_tolerance; });
  return points.empty() ? 0 : static_cast<double>(within) / static_cast<double>(points.size());
}

SearchResult search(const config::Experiment& experiment, const data::Task& task, const runtime::RunContext& run,
                    const runtime::Compute& compute) {
  SearchResult result;
  result.experiment = experiment;
  require_channels(experiment, task);
  if (searches_adapter(experiment)) require_adapter_search(experiment, task, run);
  const std::string& objective = experiment.search->parameters.text("objective");
  if (objective == "loo") warn_of_unevaluated_classes(task, result);
  if (objective == "test") {
    result.warnings.push_back(
        "the parameters were chosen on the test labels (search.objective = \"test\"): the test accuracy is no estimate "
        "of the accuracy on other images");
  }
  const bool compares_heads = !experiment.search->heads.empty();
  const std::size_t heads = compares_heads ? 0 : experiment.plugins_of(PluginKind::head).size();
  for (std::size_t trained = 0; trained <= heads; ++trained) {
    const config::Experiment start = result.experiment;
    StageSearch(start, task, {trained, trained == heads}, result.after_heads, run, compute).run(result);
  }
  if (compares_heads) search_heads(result, task, run, compute);
  if (experiment.search->parameters.boolean("temperature")) {
    result.temperature = choose_temperature(result.experiment, task, result.after_heads, run, compute.threads);
    if (result.temperature->queries == 0) {
      result.warnings.push_back("search.temperature needs held-out images, and there are none: the temperature is 1");
    }
  }
  if (searches_adapter(experiment)) search_adapter(result, task, run, compute.threads);
  return result;
}

}  // namespace trefoil::search
