// Toppings of dishes.
#pragma once

#include "world/painters.h"

namespace trefoil::demo {

// Paints pieces of the kind's topping around a place, with some space between them.
void paint_topping(const Sitter& sitter, cv::Point2d middle, double x_radius, double y_radius);

}  // namespace trefoil::demo
