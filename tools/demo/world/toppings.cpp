// Paints toppings piece by piece.
#include "world/toppings.h"

namespace trefoil::demo {

namespace {

struct Spot {
  cv::Point2d at;
  double degrees = 0;
};

void peas(const Sitter& sitter, const Spot& spot) {
  const cv::Point2d other = turned({{0.14, 0}}, spot.degrees).front();
  sitter.canvas.fill(disc(spot.at + other, 0.1), {rgb(112, 186, 62)});
  sitter.canvas.fill(disc(spot.at, 0.1), {rgb(126, 200, 70)});
}

void carrots(const Sitter& sitter, const Spot& spot) {
  const Outline stick = turned({{-0.2, -0.09}, {0.22, -0.03}, {0.22, 0.03}, {-0.2, 0.09}}, spot.degrees);
  sitter.canvas.fill(moved(stick, spot.at), {rgb(250, 134, 26)});
}

void herbs(const Sitter& sitter, const Spot& spot) {
  for (const double side : {-50.0, 0.0, 50.0}) {
    const Outline leaf = smooth({{0, 0}, {0.12, -0.06}, {0.27, 0}, {0.12, 0.06}});
    sitter.canvas.fill(moved(turned(leaf, spot.degrees + side), spot.at), {rgb(34, 110, 48), {}, {}, 1, 0.03});
  }
}

void tomatoes(const Sitter& sitter, const Spot& spot) {
  sitter.canvas.fill(disc(spot.at, 0.18), {rgb(218, 36, 30)});
  for (int chamber = 0; chamber < 3; ++chamber) {
    const cv::Point2d off = turned({{0, 0.085}}, spot.degrees + 120 * chamber).front();
    sitter.canvas.fill(disc(spot.at + off, 0.05), flat(rgb(252, 176, 138)));
  }
}

void olives(const Sitter& sitter, const Spot& spot) {
  sitter.canvas.fill(disc(spot.at, 0.15), flat(rgb(36, 34, 44)));
  sitter.canvas.fill(disc(spot.at, 0.06), flat(rgb(196, 190, 150)));
}

void cheese(const Sitter& sitter, const Spot& spot) {
  const Outline cube = turned(box(-0.13, -0.13, 0.13, 0.13), spot.degrees);
  sitter.canvas.fill(moved(cube, spot.at), {rgb(255, 226, 112)});
  sitter.canvas.fill(disc(spot.at, 0.045), flat(rgb(226, 176, 60)));
}

constexpr std::pair<std::string_view, void (*)(const Sitter&, const Spot&)> kToppings[] = {
    {"peas", &peas},         {"carrots", &carrots}, {"herbs", &herbs},
    {"tomatoes", &tomatoes}, {"olives", &olives},   {"cheese", &cheese}};

}  // namespace

void paint_topping(const Sitter& sitter, cv::Point2d middle, double x_radius, double y_radius) {
  constexpr int kAround = 5;
  const auto topping = entry_of(kToppings, word_of(sitter.kind, "topping"));
  const double start = sitter.random.uniform(0, 360);
  for (int i = 0; i <= kAround; ++i) {
    const double distance = i == kAround ? 0 : sitter.random.uniform(0.8, 1);
    const cv::Point2d off = turned({{distance, 0}}, start + 360.0 * i / kAround).front();
    topping(sitter, {middle + cv::Point2d(off.x * x_radius, off.y * y_radius), sitter.random.uniform(0, 360)});
  }
}

}  // namespace trefoil::demo
