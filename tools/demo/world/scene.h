// Scene: all random choices of one image.
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
  double scale = 1;       // object size as a fraction of the image's short side
  double rotation = 0;    // in degrees, clockwise
  cv::Point2d offset;     // -1 to 1: position of the object in the free space around it
  double elongation = 1;  // factor on width / height
  bool mirrored = false;
};

struct Light {
  double gain = 1;
  double gradient = 0;   // change of the light from the middle to the edge
  double direction = 0;  // direction of the gradient, in radians
  double warmth = 0;
};

struct Scene {
  Kind kind;
  Traits traits;
  std::size_t accent = 0;
  Pose pose;
  std::size_t backdrop = 0;
  std::size_t clutter = 0;  // number of small things
  double occluder = 0;      // width of the bar as a fraction of the short side; 0: none
  Light light;
  double blur = 0;         // standard deviation as a fraction of the short side
  double noise = 0;        // standard deviation in 255ths
  std::uint64_t seed = 0;  // for small details: blades of grass, peas, grain
};

Scene draw_scene(const Kind& kind, const Standard& standard, const Conditions& conditions, Random& random);

}  // namespace trefoil::demo
