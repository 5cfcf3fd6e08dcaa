// Paints the background, clutter, the object and what is in front of it at twice the size, and then photographs it.
#include "world/render.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "world/backdrop.h"
#include "world/camera.h"
#include "world/clutter.h"
#include "world/painters.h"

namespace trefoil::demo {

namespace {

// Maps -1 to 1 to the middle square of the image.
cv::Matx23d middle_square(cv::Size size) {
  const double half = std::min(size.width, size.height) / 2.0;
  return {half, 0, size.width / 2.0, 0, half, size.height / 2.0};
}

cv::Matx23d object_pose(const Pose& pose, cv::Size size) {
  const double half = std::min(size.width, size.height) / 2.0;
  const double cosine = std::cos(pose.rotation * CV_PI / 180);
  const double sine = std::sin(pose.rotation * CV_PI / 180);
  const double wide = half * pose.scale * std::min(1.0, pose.elongation) * (pose.mirrored ? -1 : 1);
  const double high = half * pose.scale / std::max(1.0, pose.elongation);
  const double room = half * (1 - pose.scale);
  return {cosine * wide, -sine * high,  size.width / 2.0 + pose.offset.x * room,
          sine * wide,   cosine * high, size.height / 2.0 + pose.offset.y * room};
}

void paint_object(cv::Mat& picture, const Scene& scene, Random& random) {
  constexpr void (*kPainters[])(const Sitter&) = {&paint_sign, &paint_animal, &paint_flower, &paint_dish, &paint_car};
  Canvas canvas(picture, object_pose(scene.pose, picture.size()));
  const Colour colour = shade_of(word_of(scene.kind, "colour"), scene.traits.hue, scene.traits.lightness);
  const Sitter sitter{canvas, scene.kind, colour, accent_on(colour, scene.accent), 1 + 0.17 * scene.traits.grain,
                      random};
  kPainters[scene.kind.subset](sitter);
}

}  // namespace

cv::Mat render(const Scene& scene, cv::Size size) {
  Random random(scene.seed);
  cv::Mat painted(size * 2, CV_8UC3);
  paint_backdrop(scene.backdrop, painted, random);
  Canvas whole(painted, middle_square(painted.size()));
  for (std::size_t piece = 0; piece < scene.clutter; ++piece) paint_clutter(whole, random);
  paint_object(painted, scene, random);
  if (scene.occluder > 0) paint_occluder(whole, 2 * scene.occluder, random);
  cv::Mat picture;
  cv::resize(painted, picture, size, 0, 0, cv::INTER_AREA);
  photograph(picture, scene, random);
  return picture;
}

}  // namespace trefoil::demo
