// Axes: the settings in which runs differ.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/collect.h"

namespace trefoil::report {

struct Axis {
  std::string key;
  std::vector<std::string> values;  // TOML; numbers rising, else as first seen; "" (not set) last
  bool numeric = false;             // every value that is set is a number
};

// The settings that differ between the runs, in the order of their keys. Without `seed`, because runs that differ in
// the seed only are repetitions. Without keys that exist only because the section's plugin has them. `swept_keys`: the
// settings that the sweep sets. Without it the runs may be unrelated, and axes are guessed from all settings; `name`,
// and settings that tell no runs apart which other axes do not, are then left out.
std::vector<Axis> find_axes(const std::vector<Run>& runs, const std::optional<std::vector<std::string>>& swept_keys);

// The key whose value decides which other keys a section has: "relation.plugin", "data.layout", "search.objective".
std::string leading_key(const std::string& section);

}  // namespace trefoil::report
