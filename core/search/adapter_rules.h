// Which searches of an adapter say something about the queries of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "runtime/plugin_host.h"

namespace trefoil::search {

// The statements of an adapter about itself, as trefoil/adapter.h defines them.
struct AdapterStatements {
  std::string name;
  std::string assumption;
  std::int64_t queries_per_class = 1;
};

// Throws PluginError.
AdapterStatements adapter_statements(const config::Experiment& experiment, const runtime::RunContext& run);

// The parameters of the adapter that [search] has ranges for.
std::vector<config::SearchAxis> adapter_axes(const config::Experiment& experiment);

// Returns the largest number of folds, up to kMostFolds, each of which has `needed` images of each class on average; 0
// when there is none.
std::int64_t folds_with(std::int64_t needed, const data::Task& task);

// Throws ConfigError, with the reason, if the search of the adapter would say nothing about the queries of a run:
// - by leave-one-out, for an adapter that assumes something about the frequencies of classes: the number of images of
//   each class was chosen, so left-out images cannot test it;
// - if fewer images are held out together, for each class on average, than the adapter needs.
void require_adapter_search(const config::Experiment& experiment, const data::Task& task,
                            const runtime::RunContext& run);

}  // namespace trefoil::search
