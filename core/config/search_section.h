// The section [search]: the searched parameters, the values that are tried, and the objective.
#pragma once

#include <string>
#include <vector>

#include "config/search_axes.h"
#include "config/settings.h"

namespace trefoil::config {

// Whether the key is relation.alpha, relation.beta or relation.gamma. These are fields of the classifier, so that the
// search tries many values of them on one classifier.
bool is_cache_hyperparameter(const std::string& key);

struct SearchChoice {
  Parameters parameters;         // as `search_parameters` declares them
  std::vector<SearchAxis> axes;  // selector, relation, head; each in the order written
  Origin origin;                 // of the section
  std::vector<Entry> ranges;     // as written; the keys are quoted: "\"relation.alpha\""
};

// The range as written for a quoted key, or nullptr.
const Value* written_range(const SearchChoice& choice, const std::string& quoted_key);

// The keys of [search] besides the ranges.
const std::vector<Parameter>& search_parameters();

// Reads and checks the section. An axis is "relation.alpha" = { from, to, count [, scale, endpoint] }, a list of
// values, or "exact". Without any axis, the parameters whose plugins declare a range are searched. There may be none:
// an ablation can remove the plugins of an experiment and leave its [search]. `plugins` are those of the experiment,
// `installed` are all plugins that the registry knows.
SearchChoice read_search(const Value& section, const std::vector<SearchedPlugin>& plugins,
                         const std::vector<SearchedPlugin>& installed, const std::filesystem::path& folder,
                         Diagnostics& diagnostics, std::vector<Setting>& settings);

}  // namespace trefoil::config
