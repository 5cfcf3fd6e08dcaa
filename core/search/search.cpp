#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
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

}  // namespace

double SearchStage::margin() const {
  const double lowest = points[best].loss;
  double next = std::numeric_limits<double>::infinity();
  for (const SearchedPoint& point : points) {
    if (point.loss > lowest) next = std::min(next, point.loss);
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
  const std::string& objective = experiment.search->parameters.text("objective");
  if (objective == "loo") warn_of_unevaluated_classes(task, result);
  if (objective == "test") {
    result.warnings.push_back(
        "the parameters were chosen on the test labels (search.objective = \"test\"): the test accuracy is no estimate "
        "of the accuracy on other images");
  }
  const std::size_t heads = experiment.plugins_of(PluginKind::head).size();
  for (std::size_t trained = 0; trained <= heads; ++trained) {
    const config::Experiment start = result.experiment;
    StageSearch(start, task, {trained, trained == heads}, result.after_heads, run, compute).run(result);
  }
  return result;
}

}  // namespace trefoil::search
