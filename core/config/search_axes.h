// Search axes: the parameters of plugins for which [search] tries values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"
#include "runtime/registry.h"
#include "trefoil/parameters.h"

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

// A plugin of the experiment, with every parameter that its section may have.
struct SearchedPlugin {
  PluginKind kind;
  std::vector<Parameter> declared;
};

// The numeric parameters that can be searched, by name: "relation.alpha" and so on. The declarations belong to the
// plugins.
using NumericParameters = std::map<std::string, const Parameter*>;
NumericParameters numeric_parameters(const std::vector<SearchedPlugin>& plugins);
std::vector<std::string> names_of(const NumericParameters& parameters);

// The axis that one line of [search] describes: a range, a list or "exact". Nothing, with a diagnostic, when it is
// wrong.
std::optional<SearchAxis> read_search_axis(const Entry& entry, const Parameter& declared, Diagnostics& diagnostics);

}  // namespace trefoil::config
