#include "search/adapter_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "pipeline/adapter_stage.h"
#include "search/folds.h"

namespace trefoil::search {

namespace {

using config::SearchAxis;

double mean_per_class(std::int64_t images, const data::Task& task) {
  return static_cast<double>(images) / static_cast<double>(task.support.class_count());
}

[[noreturn]] void refuse(const SearchAxis& axis, const std::string& reason, const std::string& cure) {
  throw config::ConfigError({{axis.origin, "'" + axis.key + "' cannot be searched: " + reason,
                              cure + ", or give '" + axis.key + "' a value in [adapter] and remove it from [search]"}});
}

void require_folds(const SearchAxis& axis, const AdapterStatements& adapter, const data::Task& task) {
  if (!adapter.assumption.empty()) {
    refuse(axis,
           fmt::format("adapter {} assumes that {}, and left-out images cannot test that, because the number of images "
                       "of each class was chosen",
                       adapter.name, adapter.assumption),
           "search on a validation split with the frequencies of the queries (objective = \"val\")");
  }
  if (folds_with(adapter.queries_per_class, task) > 0) return;
  refuse(axis,
         fmt::format("adapter {} needs {} of each class that are left out together, and at least as many stay for "
                     "training; the support has {:.1f} images of each class on average",
                     adapter.name, base::counted(adapter.queries_per_class, "image"),
                     mean_per_class(task.support.image_count(), task)),
         fmt::format("use {} or more shots", 2 * adapter.queries_per_class));
}

void require_split(const SearchAxis& axis, const AdapterStatements& adapter, const std::string& objective,
                   const data::Task& task) {
  const data::Queries* const split = objective == "val" ? task.validation.get() : task.query.get();
  if (split == nullptr) return;  // the search of the other parameters reports it
  const double images = mean_per_class(split->count(), task);
  if (images >= static_cast<double>(adapter.queries_per_class)) return;
  refuse(
      axis,
      fmt::format("adapter {} needs {} of each class, and the images of objective \"{}\" are {:.1f} of each class on "
                  "average",
                  adapter.name, base::counted(adapter.queries_per_class, "image"), objective, images),
      "use more images");
}

}  // namespace

AdapterStatements adapter_statements(const config::Experiment& experiment, const runtime::RunContext& run) {
  const pipeline::AdapterStage adapter(*experiment.plugin(PluginKind::adapter), run);
  return {adapter.name(), adapter.assumption(), adapter.queries_per_class()};
}

std::vector<SearchAxis> adapter_axes(const config::Experiment& experiment) {
  std::vector<SearchAxis> axes;
  if (!experiment.search) return axes;
  for (const SearchAxis& axis : experiment.search->axes) {
    if (axis.place.kind == PluginKind::adapter) axes.push_back(axis);
  }
  return axes;
}

std::int64_t folds_with(std::int64_t needed, const data::Task& task) {
  for (std::int64_t most = kMostFolds; most >= 2; --most) {
    const std::vector<Rows> all = folds(task.support, task.estimated, most);
    const bool enough = !all.empty() && std::all_of(all.begin(), all.end(), [&](const Rows& fold) {
      return mean_per_class(static_cast<std::int64_t>(fold.size()), task) >= static_cast<double>(needed);
    });
    if (enough) return most;
  }
  return 0;
}

void require_adapter_search(const config::Experiment& experiment, const data::Task& task,
                            const runtime::RunContext& run) {
  const SearchAxis axis = adapter_axes(experiment).front();
  const AdapterStatements adapter = adapter_statements(experiment, run);
  const std::string& objective = experiment.search->parameters.text("objective");
  if (objective == "loo") {
    require_folds(axis, adapter, task);
  } else {
    require_split(axis, adapter, objective, task);
  }
}

}  // namespace trefoil::search
