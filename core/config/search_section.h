// The section [search]: what is searched, over which values, and judged by what.
#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "plugins/registry.h"

namespace trefoil::config {

// One searched parameter, and the values that are tried.
struct SearchAxis {
  std::string key;  // "relation.alpha"
  PluginKind kind = PluginKind::relation;
  std::string parameter;       // "alpha"
  std::vector<double> values;  // in the order given; whole numbers where the parameter is one
  bool whole = false;          // the parameter is an integer
  bool logarithmic = false;    // nearness is of logarithms
  Origin origin;               // of the values
  bool exact = false;          // the best of all real numbers from the first to the last value; relation.alpha only
};

// Whether "relation.alpha" and the like is α, β or γ, which are numbers of the classifier itself.
bool is_strength(const std::string& key);

struct SearchChoice {
  Parameters parameters;         // as `search_parameters` declares them
  std::vector<SearchAxis> axes;  // selector, relation, head; each in the order written
  Origin origin;                 // of the section
};

// A plugin of the experiment, and everything that its section may set.
struct SearchedPlugin {
  PluginKind kind;
  std::vector<Parameter> declared;
};

// What [search] holds besides ranges.
const std::vector<Parameter>& search_parameters();

// Checks the section. Axes are "relation.alpha" = { from, to, count [, scale, endpoint] }, a list of values, or
// "exact"; without any, those whose parameters declare a range are searched: none at all, perhaps, so that an ablation
// may take the plugins of an experiment away and leave its [search].
SearchChoice read_search(const Value& section, const std::vector<SearchedPlugin>& plugins,
                         const std::filesystem::path& folder, Diagnostics& diagnostics, std::vector<Setting>& settings);

}  // namespace trefoil::config
