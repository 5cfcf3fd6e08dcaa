// The axis of numbers below a horizontal chart.
#pragma once

#include <string>
#include <vector>

#include "report/scale.h"

namespace trefoil::report {

inline constexpr double kValueAxisHeight = 64;  // for numbers and title

// A line at each tick from `top` to `bottom`, its number below, and the title below them.
std::string value_axis(const Scale& scale, const std::vector<double>& ticks, double top, double bottom,
                       const std::string& title);

}  // namespace trefoil::report
