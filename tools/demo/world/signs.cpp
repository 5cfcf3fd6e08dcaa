// Signs: one flat shape with a pattern.
#include <cmath>

#include "world/painters.h"

namespace trefoil::demo {

namespace {

Shape circle() { return {disc({0, 0}, 0.9)}; }
Shape square() { return {box(-0.78, -0.78, 0.78, 0.78)}; }
Shape triangle() { return {{{0, -0.92}, {0.92, 0.76}, {-0.92, 0.76}}}; }
Shape five_pointed_star() { return {star(5, 1, 0.45)}; }
Shape ring() { return {disc({0, 0}, 0.92), disc({0, 0}, 0.42)}; }
Shape hexagon() { return {regular_polygon(6, 0.95)}; }
Shape diamond() { return {{{0, -1}, {0.62, 0}, {0, 1}, {-0.62, 0}}}; }
Shape clover() { return {turned(rosette(4, 0.3, 0.98, 0.6), 45)}; }

Shape cross() {
  constexpr double kArm = 0.34;
  return {{{-kArm, -0.92},
           {kArm, -0.92},
           {kArm, -kArm},
           {0.92, -kArm},
           {0.92, kArm},
           {kArm, kArm},
           {kArm, 0.92},
           {-kArm, 0.92},
           {-kArm, kArm},
           {-0.92, kArm},
           {-0.92, -kArm},
           {-kArm, -kArm}}};
}

Shape heart() {
  Outline outline;
  for (int i = 0; i < 40; ++i) {
    const double t = 2 * CV_PI * i / 40;
    const double x = 16 * std::pow(std::sin(t), 3);
    const double y = 13 * std::cos(t) - 5 * std::cos(2 * t) - 2 * std::cos(3 * t) - std::cos(4 * t);
    outline.emplace_back(x / 17, -y / 17 - 0.06);
  }
  return {outline};
}

// A disc without a smaller disc on its right. The angles are those at which their edges cross.
Shape crescent() {
  Outline outline = arc({0.12, 0}, 0.95, 49.7, 310.3);
  const Outline inside = arc({0.54, 0}, 0.75, 285, 75);
  outline.insert(outline.end(), inside.begin(), inside.end());
  return {outline};
}

Shape arrow() {
  return {{{-0.95, -0.28}, {0.1, -0.28}, {0.1, -0.75}, {0.98, 0}, {0.1, 0.75}, {0.1, 0.28}, {-0.95, 0.28}}};
}

Shape drop() {
  Outline outline;
  for (int i = 0; i < 32; ++i) {
    const double t = 2 * CV_PI * i / 32;
    outline.emplace_back(0.85 * std::sin(t) * std::pow(std::sin(t / 2), 1.2), -0.98 * std::cos(t));
  }
  return {outline};
}

Shape bolt() { return {{{0.1, -1}, {-0.62, 0.16}, {-0.1, 0.16}, {-0.28, 1}, {0.64, -0.28}, {0.12, -0.28}, {0.5, -1}}}; }

constexpr std::pair<std::string_view, Shape (*)()> kShapes[] = {
    {"circle", &circle},   {"square", &square}, {"triangle", &triangle}, {"star", &five_pointed_star},
    {"cross", &cross},     {"heart", &heart},   {"crescent", &crescent}, {"ring", &ring},
    {"hexagon", &hexagon}, {"arrow", &arrow},   {"drop", &drop},         {"diamond", &diamond},
    {"bolt", &bolt},       {"clover", &clover}};

}  // namespace

void paint_sign(const Sitter& sitter) {
  const Shape shape = entry_of(kShapes, word_of(sitter.kind, "shape"))();
  sitter.canvas.shadow(shape);
  sitter.canvas.fill(shape, {sitter.colour, pattern_of(word_of(sitter.kind, "pattern")), sitter.accent, sitter.grain});
}

}  // namespace trefoil::demo
