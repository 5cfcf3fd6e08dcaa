// What dishes are topped with.
#pragma once

#include "world/painters.h"

namespace trefoil::demo {

// Scatters the kind's topping around a place, with some room between the pieces.
void paint_topping(const Sitter& sitter, cv::Point2d middle, double x_radius, double y_radius);

}  // namespace trefoil::demo
