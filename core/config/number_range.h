// Evenly spaced numbers: { from, to, count [, scale, endpoint] }.
#pragma once

#include <vector>

#include "config/diagnostics.h"
#include "config/settings.h"
#include "config/value.h"

namespace trefoil::config {

// from, to, count, scale and endpoint.
const std::vector<Parameter>& range_parameters();

// The numbers of a range that was read by these parameters (and perhaps others), `to` being the last to the bit where
// it is one of them. Those between on a logarithmic scale are rounded to nine digits.
std::vector<double> spaced(const Parameters& range);

// The same number rounded to nine digits: so that powers are the same on every machine, and the 4 of 0.5, 1, 2, 4, 8 is
// 4, and not the nearest number but one.
double nine_digits(double value);

// What is wrong with the numbers, such as "lacks its 'count' of values"; "" when nothing is.
std::string range_problem(const Parameters& range);

}  // namespace trefoil::config
