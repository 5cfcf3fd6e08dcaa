// Axes of a sweep: keys of the experiment, each with the values that it takes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// Values that change together: one key of a grid, all keys of a zip or of a random draw.
struct AxisGroup {
  std::vector<std::string> keys;
  std::vector<std::vector<Value>> rows;  // each as many values as there are keys
};

// One key of [sweep.grid]: a list of values, or a range { from, to, count [, scale, endpoint] }.
AxisGroup read_grid_axis(const Entry& entry, Diagnostics& diagnostics);

// One [[sweep.zip]]: lists of equal length.
AxisGroup read_zip(const Value& table, Diagnostics& diagnostics);

// [sweep.random]: `count` draws from the `seed`, each of every other key: uniformly from { from, to }, with
// scale = "log" by the logarithm, with scale = "int" of the whole numbers from `from` to `to`; or one of a list. The
// same on every machine.
AxisGroup read_random(const Value& table, Diagnostics& diagnostics);

}  // namespace trefoil::config
