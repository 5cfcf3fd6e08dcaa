// The section [search]: what is searched, over which values, and judged by what.
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

// What [search] holds besides ranges.
const std::vector<Parameter>& search_parameters();

// Checks the section. Axes are "relation.alpha" = { from, to, count [, scale, endpoint] }, a list of values, or
// "exact"; without any, those whose parameters declare a range are searched: none at all, perhaps, so that an ablation
// may take the plugins of an experiment away and leave its [search]. `plugins` are those of the experiment, `installed`
// all that there are.
SearchChoice read_search(const Value& section, const std::vector<SearchedPlugin>& plugins,
                         const std::vector<SearchedPlugin>& installed, const std::filesystem::path& folder,
                         Diagnostics& diagnostics, std::vector<Setting>& settings);

}  // namespace trefoil::config
