// Axes of a sweep: keys of the experiment file with their values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// Keys that change together: one key of a grid, or all keys of a zip or of a random draw.
struct AxisGroup {
  std::vector<std::string> keys;
  std::vector<std::vector<Value>> rows;  // each row has one value for each key
  Origin origin;
};

// Reads one key of [sweep.grid]: a list of values, or a range { from, to, count [, scale, endpoint] }.
AxisGroup read_grid_axis(const Entry& entry, Diagnostics& diagnostics);

// Reads one [[sweep.zip]]: lists of equal length.
AxisGroup read_zip(const Value& table, Diagnostics& diagnostics);

// Reads [sweep.random]: the number of draws `count`, their `seed`, and the keys to draw. Each draw takes one value for
// every key: an element of a list, or a number from { from, to }. The numbers are uniform, log-uniform with scale =
// "log", or uniform whole numbers with scale = "int". Draws are equal on every machine.
AxisGroup read_random(const Value& table, Diagnostics& diagnostics);

}  // namespace trefoil::config
