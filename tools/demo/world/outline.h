// Closed curves and paths in object coordinates: x points right, y points down, and the object is within -1 to 1.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace trefoil::demo {

using Outline = std::vector<cv::Point2d>;  // the last point is joined to the first
using Shape = std::vector<Outline>;        // the points inside an odd number of outlines

Outline ellipse(cv::Point2d centre, double x_radius, double y_radius, double degrees = 0);
inline Outline disc(cv::Point2d centre, double radius) { return ellipse(centre, radius, radius); }
Outline box(double left, double top, double right, double bottom);

// The first corner is at the top.
Outline regular_polygon(int corners, double radius);
Outline star(int points, double outer, double inner);

// Petals around the origin, the first at the top. A sharpness below 1 makes them round and wide, above it pointed.
Outline rosette(int petals, double inner, double outer, double sharpness);

// Points on a circle from one angle to another, in degrees from the right; clockwise if `to` is larger than `from`.
Outline arc(cv::Point2d centre, double radius, double from, double to);

// A smooth closed curve through all points.
Outline smooth(const Outline& points);

// A band along a path. Its half width changes linearly from one value to the other.
Outline ribbon(const Outline& path, double first_half_width, double last_half_width);

Outline moved(Outline outline, cv::Point2d by);
Outline turned(Outline outline, double degrees);  // about the origin, clockwise
Outline scaled(Outline outline, double factor);

}  // namespace trefoil::demo
