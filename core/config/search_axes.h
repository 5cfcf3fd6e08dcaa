// Search axes: the plugin parameters that [search] tries values of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/plugin_key.h"
#include "config/value.h"
#include "runtime/registry.h"
#include "trefoil/parameters.h"

namespace trefoil::config {

// One searched parameter, and the values that are tried.
struct SearchAxis {
  std::string key;  // "relation.alpha", "head.2.lambda"
  PluginPlace place;
  std::string parameter;       // "alpha"
  std::vector<double> values;  // in the order given; whole numbers if `whole`
  bool whole = false;          // the parameter is an integer
  bool logarithmic = false;    // distances on this axis are differences of logarithms
  bool alone = false;          // tried while the plugin's other parameters keep their values
  Origin origin;               // of the values in the file
  bool exact = false;          // search all real numbers from the first to the last value; relation.alpha only
};

// Whether the key is relation.alpha, relation.beta or relation.gamma. These are fields of the classifier, so that the
// search tries many values of them on one classifier.
bool is_cache_hyperparameter(const std::string& key);

// A plugin of the experiment, with every parameter that its section may have.
struct SearchedPlugin {
  std::string section;  // "head", or "head.2" in a list
  std::vector<Parameter> declared;
};

// The numeric parameters of the plugins, by name, such as "relation.alpha". They can be searched.
using NumericParameters = std::map<std::string, Parameter>;
NumericParameters numeric_parameters(const std::vector<SearchedPlugin>& plugins);
std::vector<std::string> names_of(const NumericParameters& parameters);

// The ranges that the plugins declare, as entries of [search].
std::vector<Entry> declared_ranges(const std::vector<SearchedPlugin>& plugins);

// The axes of the ranges that a plugin declares.
std::vector<SearchAxis> declared_axes(const SearchedPlugin& plugin, Diagnostics& diagnostics);

// Reads one axis of [search]: a range, a list or "exact". Returns nothing and adds a diagnostic when it is wrong.
std::optional<SearchAxis> read_search_axis(const Entry& entry, const Parameter& declared, Diagnostics& diagnostics);

}  // namespace trefoil::config
