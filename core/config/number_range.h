// Evenly spaced numbers: { from, to, count [, scale, endpoint] }.
#pragma once

#include <vector>

#include "config/diagnostics.h"
#include "config/settings.h"
#include "config/value.h"

namespace trefoil::config {

// Returns the parameters from, to, count, scale and endpoint.
const std::vector<Parameter>& range_parameters();

// Returns the numbers of a range. With `endpoint`, the last number is exactly `to`. On a logarithmic scale, the numbers
// in between are rounded to nine digits.
std::vector<double> spaced(const Parameters& range);

// Returns the number rounded to nine digits, so that powers are equal on every machine, and so that the numbers 0.5, 1,
// 2, 4, 8 of a logarithmic scale are exact.
double nine_digits(double value);

// Returns what is wrong with the range, such as "needs 'count', the number of values", or "".
std::string range_problem(const Parameters& range);

}  // namespace trefoil::config
