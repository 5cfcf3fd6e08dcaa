// A scene: every choice that a picture needs, made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string_view>

#include "world/conditions.h"
#include "world/kind.h"
#include "world/random.h"
#include "world/standard.h"

namespace trefoil::demo {

struct Pose {
  double scale = 1;       // of the object, as a share of the picture's short side
  double rotation = 0;    // in degrees, clockwise
  cv::Point2d offset;     // -1 to 1: how much of the room around the object is used, either way
  double elongation = 1;  // width over height, as a factor
  bool mirrored = false;
};

struct Light {
  double gain = 1;
  double gradient = 0;   // the change from the middle to the edge
  double direction = 0;  // of the gradient, in radians
  double warmth = 0;
};

struct Scene {
  Kind kind;
  Traits traits;
  std::size_t accent = 0;
  Pose pose;
  std::size_t backdrop = 0;
  std::size_t clutter = 0;  // pieces
  double occluder = 0;      // its width as a share of the short side; 0 is none
  Light light;
  double blur = 0;         // as a share of the short side
  double noise = 0;        // in 255ths
  std::uint64_t seed = 0;  // of all that is small: blades of grass, peas, grain
};

Scene draw_scene(const Kind& kind, const Standard& standard, const Conditions& conditions, Random& random);

}  // namespace trefoil::demo
