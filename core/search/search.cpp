#include "search/search.h"

#include <fmt/format.h>

#include "search/stage_search.h"

namespace trefoil::search {

namespace {

// What the objective cannot see of this support, and what is done instead.
void note_single_images(const data::Task& task, SearchResult& result) {
  const torch::Tensor counts = class_counts(task.support.labels, task.support.class_count());
  const auto single = (counts == 1).sum().item<std::int64_t>();
  const auto several = (counts > 1).sum().item<std::int64_t>();
  if (several == 0) {
    result.warnings.push_back(
        "search.objective = \"loo\" needs classes with two images: without its only one nothing would be left of a "
        "class. "
        "Nothing was searched; the values of the file are used");
  } else if (single > 0) {
    result.warnings.push_back(
        fmt::format("{} classes have one image, which cannot be left out: the search is judged by the other {} classes",
                    single, several));
  }
}

}  // namespace

SearchResult search(const config::Experiment& experiment, const data::Task& task, const pipeline::RunContext& run,
                    const pipeline::Compute& compute) {
  SearchResult result;
  result.experiment = experiment;
  const std::string& objective = experiment.search->parameters.text("objective");
  if (objective == "loo") note_single_images(task, result);
  if (objective == "test") {
    result.warnings.push_back(
        "the parameters were chosen on the test labels (search.objective = \"test\"): the accuracy on the test set "
        "says "
        "nothing about other images");
  }
  StageSearch(experiment, task, Part::relation, run, compute).run(result);
  if (config::has_head(experiment)) {
    const config::Experiment start = result.experiment;
    StageSearch(start, task, Part::head, run, compute).run(result);
  }
  return result;
}

}  // namespace trefoil::search
