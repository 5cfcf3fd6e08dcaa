// Paints small things around the object and a bar in front of it.
#include "world/clutter.h"

namespace trefoil::demo {

namespace {

// Colours that no colour word means.
Colour muted(Random& random) {
  constexpr Colour kMuted[] = {rgb(150, 142, 130), rgb(112, 118, 122), rgb(176, 164, 140), rgb(128, 134, 108),
                               rgb(196, 190, 184)};
  return kMuted[random.below(std::size(kMuted))];
}

Outline piece(double size, Random& random) {
  switch (random.below(4)) {
    case 0:  // a pebble
      return ellipse({0, 0}, size, size * random.uniform(0.6, 0.9));
    case 1:  // a twig
      return ribbon({{-2 * size, 0}, {0, 0.3 * size}, {2 * size, 0}}, 0.2 * size, 0.12 * size);
    case 2:  // a leaf
      return smooth({{-1.4 * size, 0}, {0, -0.6 * size}, {1.5 * size, 0}, {0, 0.6 * size}});
    default:  // a scrap of paper
      return regular_polygon(5, size);
  }
}

}  // namespace

void paint_clutter(Canvas& canvas, Random& random) {
  const double size = random.uniform(0.07, 0.16);
  const cv::Point2d at{random.uniform(-1.2, 1.2), random.uniform(-1.2, 1.2)};
  Outline outline = piece(size, random);
  outline = moved(turned(std::move(outline), random.uniform(0, 360)), at);
  canvas.shadow({outline});
  canvas.fill(outline, {muted(random)});
}

void paint_occluder(Canvas& canvas, double width, Random& random) {
  const double side = random.uniform(0, 360);
  const double aside = random.uniform(-0.6, 0.6);
  const double reach = random.uniform(-0.4, 0.25);
  const Outline bar = ribbon({{2, aside}, {1, aside * 0.9}, {-reach, aside * 0.6}}, width / 2, width / 2.6);
  canvas.fill(turned(bar, side), {muted(random)});
}

}  // namespace trefoil::demo
