// The section [search]: the searched parameters, the values that are tried, and the objective.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/head_names.h"
#include "config/search_axes.h"
#include "config/settings.h"

namespace trefoil::config {

struct SearchChoice {
  Parameters parameters;             // as `search_parameters` declares them
  std::vector<SearchAxis> axes;      // selector, relation, head; each in the order written
  Origin origin;                     // of the section
  std::vector<Entry> ranges;         // as written; the keys are quoted: "\"relation.alpha\""
  std::optional<Value> head_names;   // the list of "head.plugin", if it is given
  std::vector<HeadCandidate> heads;  // the heads to compare; empty: there is only the head of the experiment
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
