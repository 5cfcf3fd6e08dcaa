// The search of an adapter's parameters, once everything else is chosen.
//
// Held-out images are adapted together, as the queries of a run will be: with objective "loo" those of a fold, by a
// classifier made of the other images, and otherwise the images of the split. adapter_rules.h says when such a search
// is refused.
#pragma once

#include "search/search.h"

namespace trefoil::search {

// Whether [search] has ranges for parameters of the adapter.
bool searches_adapter(const config::Experiment& experiment);

// Adds the stage to the result, and sets the chosen values in it. Throws PluginError, DataError, Interrupted.
void search_adapter(SearchResult& result, const data::Task& task, const runtime::RunContext& run, int threads);

}  // namespace trefoil::search
