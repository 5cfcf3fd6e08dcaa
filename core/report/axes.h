// Axes: the settings that tell runs apart.
#pragma once

#include <string>
#include <vector>

#include "report/collect.h"

namespace trefoil::report {

struct Axis {
  std::string key;
  std::vector<std::string> values;  // TOML; numbers rising, else as first seen; "" (not set) last
  bool numeric = false;             // every value that is set is a number
};

// In the order of their keys, without `name` and `seed` and without what only follows from another axis: keys that
// come and go with the section's plugin, and the data's place when the data are the same.
std::vector<Axis> find_axes(const std::vector<Run>& runs);

// The key that says what a section of a file is about, which decides what other keys it has: "relation.plugin",
// "data.layout", "search.objective".
std::string leading_key(const std::string& section);

}  // namespace trefoil::report
