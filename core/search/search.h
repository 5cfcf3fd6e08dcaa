// search: the experiment's parameters, chosen by its [search] section before any query is classified.
#pragma once

#include "pipeline/classify.h"
#include "search/result.h"

namespace trefoil::search {

// First the selector's and the relation's parameters, by the relation's classifier; then, with a head, the head's, and
// α, β and γ once more on what it has trained. Everything but α, β and γ is tried in the order of the axes, each value
// costing one making of the classifier; α, β and γ are searched inside that, all at once. `experiment.search` is set.
// Throws ConfigError, DataError, PluginError, Interrupted.
SearchResult search(const config::Experiment& experiment, const data::Task& task, const runtime::RunContext& run,
                    const runtime::Compute& compute);

}  // namespace trefoil::search
