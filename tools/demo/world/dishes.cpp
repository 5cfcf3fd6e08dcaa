// Dishes: plates and bowls from above, or other dishes from the side, with a topping.
#include <cmath>

#include "world/toppings.h"

namespace trefoil::demo {

namespace {

constexpr Colour kCrust = rgb(214, 164, 98);

// Plates and bowls are pale, tinted by the accent.
Paint china(const Sitter& sitter) { return {mix(rgb(240, 240, 240), sitter.accent, 0.35)}; }

void plate(const Sitter& sitter) {
  const Outline rim = disc({0, 0}, 0.96);
  sitter.canvas.shadow({rim});
  sitter.canvas.fill(rim, china(sitter));
}

// Dishes seen from the side.
void bowl(const Sitter& sitter) {
  Outline outline = arc({0, 0.2}, 0.7, 0, 180);
  for (cv::Point2d& point : outline) point.x *= 1.28;
  sitter.canvas.fill(outline, china(sitter));
  sitter.canvas.fill(box(-0.34, 0.86, 0.34, 0.96), china(sitter));
}

void soup(const Sitter& sitter) {
  plate(sitter);
  sitter.canvas.fill(disc({0, 0}, 0.76), {sitter.colour});
  const Colour swirl = mix(sitter.colour, kWhite, 0.4);
  sitter.canvas.line(arc({0, 0}, 0.62, 150, 260), 0.05, swirl);
  sitter.canvas.line(arc({0, 0}, 0.62, -20, 60), 0.05, swirl);
  paint_topping(sitter, {0, 0}, 0.36, 0.36);
}

void pie(const Sitter& sitter) {
  const Outline crust = rosette(18, 0.86, 0.97, 1);
  sitter.canvas.shadow({crust});
  sitter.canvas.fill(crust, {kCrust});
  sitter.canvas.fill(disc({0, 0}, 0.74), {sitter.colour});
  for (const double at : {-0.3, 0.3}) {
    const double reach = std::sqrt(0.74 * 0.74 - at * at);
    sitter.canvas.fill(ribbon({{-reach, at}, {reach, at}}, 0.07, 0.07), {kCrust, {}, {}, 1, 0.03});
    sitter.canvas.fill(ribbon({{at, -reach}, {at, reach}}, 0.07, 0.07), {kCrust, {}, {}, 1, 0.03});
  }
  paint_topping(sitter, {0, 0}, 0.42, 0.42);
}

void noodles(const Sitter& sitter) {
  plate(sitter);
  sitter.canvas.fill(disc({0, 0}, 0.76), {mix(sitter.colour, ink_of(sitter.colour), 0.4)});
  for (int noodle = 0; noodle < 7; ++noodle) {
    const double y = -0.6 + 0.2 * noodle;
    const double reach = std::sqrt(0.7 * 0.7 - y * y);
    const double phase = sitter.random.uniform(0, 6);
    Outline path;
    for (int i = 0; i <= 8; ++i) path.emplace_back(reach * (i / 4.0 - 1), y + 0.08 * std::sin(phase + i * 1.4));
    sitter.canvas.line(path, 0.13, mix(sitter.colour, kWhite, noodle % 2 == 0 ? 0.1 : 0.4));
  }
  paint_topping(sitter, {0, 0}, 0.34, 0.34);
}

void salad(const Sitter& sitter) {
  plate(sitter);
  for (int leaf = 0; leaf < 8; ++leaf) {
    const cv::Point2d at = turned({{0, -0.42}}, 45 * leaf).front();
    const Outline outline = turned(rosette(7, 0.26, 0.38, 0.8), sitter.random.uniform(0, 90));
    const Colour colour = mix(sitter.colour, kWhite, leaf % 2 == 0 ? 0.0 : 0.2);
    sitter.canvas.fill(moved(outline, at), {colour});
  }
  paint_topping(sitter, {0, 0}, 0.42, 0.42);
}

void cake(const Sitter& sitter) {
  sitter.canvas.fill(ellipse({0, 0.76}, 0.98, 0.2), china(sitter));
  sitter.canvas.fill(box(-0.74, -0.2, 0.74, 0.78), {rgb(238, 206, 150)});
  sitter.canvas.fill(box(-0.74, 0.3, 0.74, 0.48), {sitter.colour, {}, {}, 1, 0.02});
  sitter.canvas.fill({{-0.8, -0.36},
                      {0.8, -0.36},
                      {0.8, 0.06},
                      {0.6, 0.2},
                      {0.4, 0},
                      {0.2, 0.16},
                      {0, -0.02},
                      {-0.2, 0.2},
                      {-0.42, 0},
                      {-0.62, 0.14},
                      {-0.8, 0}},
                     {sitter.colour});
  sitter.canvas.fill(ellipse({0, -0.36}, 0.8, 0.24), {mix(sitter.colour, kWhite, 0.15)});
  paint_topping(sitter, {0, -0.48}, 0.48, 0.14);
}

void pizza(const Sitter& sitter) {
  const Outline slice = {{-0.84, -0.6}, {0.84, -0.6}, {0, 0.98}};
  sitter.canvas.shadow({slice});
  sitter.canvas.fill(slice, {sitter.colour});
  sitter.canvas.fill(smooth({{-0.96, -0.62},
                             {-0.6, -0.9},
                             {0, -0.96},
                             {0.6, -0.9},
                             {0.96, -0.62},
                             {0.5, -0.6},
                             {0, -0.64},
                             {-0.5, -0.6}}),
                     {kCrust});
  paint_topping(sitter, {0, -0.14}, 0.36, 0.3);
}

void rice(const Sitter& sitter) {
  const Outline mound = smooth({{-0.84, 0.24}, {-0.58, -0.46}, {0, -0.78}, {0.58, -0.46}, {0.84, 0.24}});
  sitter.canvas.fill(mound, {sitter.colour});
  for (int grain = 0; grain < 28; ++grain) {
    const cv::Point2d at{sitter.random.uniform(-1, 1), sitter.random.uniform(0, 1)};
    const cv::Point2d placed(at.x * 0.7 * (1 - 0.5 * at.y), 0.16 - 0.82 * at.y);
    const Outline outline = ellipse(placed, 0.08, 0.035, sitter.random.uniform(0, 180));
    sitter.canvas.fill(outline, flat(mix(sitter.colour, grain % 2 == 0 ? kWhite : ink_of(sitter.colour), 0.35)));
  }
  bowl(sitter);
  paint_topping(sitter, {0, -0.4}, 0.34, 0.22);
}

void burger(const Sitter& sitter) {
  sitter.canvas.fill(smooth({{-0.8, 0.5}, {0.8, 0.5}, {0.66, 0.84}, {-0.66, 0.84}}), {sitter.colour});
  sitter.canvas.fill(box(-0.82, 0.26, 0.82, 0.52), {rgb(98, 58, 40)});
  sitter.canvas.fill(
      {{-0.94, 0.1}, {0.94, 0.1}, {0.7, 0.3}, {0.46, 0.18}, {0.2, 0.32}, {-0.1, 0.18}, {-0.4, 0.32}, {-0.66, 0.18}},
      {rgb(142, 190, 90)});
  sitter.canvas.fill(smooth({{-0.84, 0.1}, {-0.7, -0.5}, {0, -0.8}, {0.7, -0.5}, {0.84, 0.1}}), {sitter.colour});
  paint_topping(sitter, {0, -0.36}, 0.44, 0.2);
}

constexpr std::pair<std::string_view, void (*)(const Sitter&)> kDishes[] = {
    {"soup", &soup}, {"pie", &pie},     {"noodles", &noodles}, {"salad", &salad},
    {"cake", &cake}, {"pizza", &pizza}, {"rice", &rice},       {"burger", &burger}};

}  // namespace

void paint_dish(const Sitter& sitter) { entry_of(kDishes, word_of(sitter.kind, "dish"))(sitter); }

}  // namespace trefoil::demo
