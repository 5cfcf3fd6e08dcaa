#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>

#include "search/stage_search.h"

namespace trefoil::search {

namespace {

// What leaving out cannot see of this support, and what is done instead.
void note_what_is_unseen(const data::Task& task, SearchResult& result) {
  const torch::Tensor counts = class_counts(task.support.labels, task.support.class_count());
  const auto single = (counts == 1).sum().item<std::int64_t>();
  const auto several = (counts > 1).sum().item<std::int64_t>();
  const auto none = (counts == 0).sum().item<std::int64_t>();
  if (several == 0) {
    result.warnings.push_back(
        "search.objective = \"loo\" leaves images out, and a class without its only one would have none. Nothing was "
        "searched; the values of the file are used");
  } else if (single > 0) {
    result.warnings.push_back(
        fmt::format("{} classes have one image, which cannot be left out: the search is judged by the other {} classes",
                    single, several));
  }
  if (several > 0 && none > 0) {
    result.warnings.push_back(fmt::format(
        "{} classes have no images: the search cannot see what a strong cache costs them, which have their texts only",
        none));
  }
}

// Before hours of trainings with the other values.
void require_channels(const config::Experiment& experiment, const data::Task& task) {
  for (const config::SearchAxis& axis : experiment.search->axes) {
    const double most = *std::max_element(axis.values.begin(), axis.values.end());
    if (axis.key != "selector.q" || most <= static_cast<double>(task.support.width())) continue;
    throw config::ConfigError(
        {{axis.origin,
          fmt::format("the search would keep q = {} channels, but the features have only D = {} channels", most,
                      task.support.width()),
          fmt::format("try values from 1 to {}", task.support.width())}});
  }
}

}  // namespace

SearchResult search(const config::Experiment& experiment, const data::Task& task, const runtime::RunContext& run,
                    const runtime::Compute& compute) {
  SearchResult result;
  result.experiment = experiment;
  require_channels(experiment, task);
  const std::string& objective = experiment.search->parameters.text("objective");
  if (objective == "loo") note_what_is_unseen(task, result);
  if (objective == "test") {
    result.warnings.push_back(
        "the parameters were chosen on the test labels (search.objective = \"test\"): the accuracy on the test set "
        "says "
        "nothing about other images");
  }
  StageSearch(experiment, task, Part::relation, run, compute).run(result);
  if (experiment.plugin(PluginKind::head) != nullptr) {
    const config::Experiment start = result.experiment;
    StageSearch(start, task, Part::head, run, compute).run(result);
  }
  return result;
}

}  // namespace trefoil::search
