// Computes curves.
#include "world/outline.h"

#include <cmath>

namespace trefoil::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;

double radians(double degrees) { return degrees * kPi / 180; }

cv::Point2d polar(double radius, double degrees) {
  return {radius * std::cos(radians(degrees)), radius * std::sin(radians(degrees))};
}

}  // namespace

Outline ellipse(cv::Point2d centre, double x_radius, double y_radius, double degrees) {
  const int points = x_radius + y_radius > 0.4 ? 28 : 14;
  Outline outline;
  for (int i = 0; i < points; ++i) {
    const cv::Point2d direction = polar(1, 360.0 * i / points);
    outline.emplace_back(direction.x * x_radius, direction.y * y_radius);
  }
  return moved(degrees == 0 ? outline : turned(outline, degrees), centre);
}

Outline box(double left, double top, double right, double bottom) {
  return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

Outline regular_polygon(int corners, double radius) {
  Outline outline;
  for (int i = 0; i < corners; ++i) outline.push_back(polar(radius, 360.0 * i / corners - 90));
  return outline;
}

Outline star(int points, double outer, double inner) {
  Outline outline;
  for (int i = 0; i < 2 * points; ++i) outline.push_back(polar(i % 2 == 0 ? outer : inner, 180.0 * i / points - 90));
  return outline;
}

Outline rosette(int petals, double inner, double outer, double sharpness) {
  constexpr int kPointsOfPetal = 10;
  Outline outline;
  for (int i = 0; i < petals * kPointsOfPetal; ++i) {
    const double phase = kPi * i / kPointsOfPetal;
    const double radius = inner + (outer - inner) * std::pow(std::abs(std::cos(phase)), sharpness);
    outline.push_back(polar(radius, 360.0 * i / (petals * kPointsOfPetal) - 90));
  }
  return outline;
}

Outline arc(cv::Point2d centre, double radius, double from, double to) {
  const int steps = std::max(4, static_cast<int>(std::abs(to - from) / 14));
  Outline path;
  for (int i = 0; i <= steps; ++i) path.push_back(centre + polar(radius, from + (to - from) * i / steps));
  return path;
}

// A Catmull-Rom spline.
Outline smooth(const Outline& points) {
  constexpr int kSteps = 4;
  const std::size_t count = points.size();
  Outline curve;
  for (std::size_t i = 0; i < count; ++i) {
    const cv::Point2d before = points[(i + count - 1) % count];
    const cv::Point2d from = points[i];
    const cv::Point2d to = points[(i + 1) % count];
    const cv::Point2d after = points[(i + 2) % count];
    for (int step = 0; step < kSteps; ++step) {
      const double t = static_cast<double>(step) / kSteps;
      curve.push_back(0.5 * (2 * from + (to - before) * t + (2 * before - 5 * from + 4 * to - after) * (t * t) +
                             (3 * from - before - 3 * to + after) * (t * t * t)));
    }
  }
  return curve;
}

Outline ribbon(const Outline& path, double first_half_width, double last_half_width) {
  const std::size_t last = path.size() - 1;
  Outline outline(2 * path.size());
  for (std::size_t i = 0; i <= last; ++i) {
    const cv::Point2d along = path[std::min(i + 1, last)] - path[i == 0 ? 0 : i - 1];
    const double share = static_cast<double>(i) / static_cast<double>(last);
    const double half_width = first_half_width + (last_half_width - first_half_width) * share;
    const cv::Point2d across = cv::Point2d(-along.y, along.x) * (half_width / std::hypot(along.x, along.y));
    outline[i] = path[i] + across;
    outline[outline.size() - 1 - i] = path[i] - across;
  }
  return outline;
}

Outline moved(Outline outline, cv::Point2d by) {
  for (cv::Point2d& point : outline) point += by;
  return outline;
}

Outline turned(Outline outline, double degrees) {
  const cv::Point2d axis = polar(1, degrees);
  for (cv::Point2d& point : outline) {
    point = {point.x * axis.x - point.y * axis.y, point.x * axis.y + point.y * axis.x};
  }
  return outline;
}

Outline scaled(Outline outline, double factor) {
  for (cv::Point2d& point : outline) point *= factor;
  return outline;
}

}  // namespace trefoil::demo
