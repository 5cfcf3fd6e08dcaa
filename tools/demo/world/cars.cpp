// Cars and other vehicles, seen from the side, driving to the right.
#include "world/painters.h"

namespace trefoil::demo {

namespace {

constexpr Colour kGlass = rgb(178, 212, 228);
constexpr Colour kTyre = rgb(40, 40, 46);

void car_body(const Sitter& sitter, const Outline& outline) {
  sitter.canvas.shadow({outline});
  sitter.canvas.fill(outline, {sitter.colour});
}

void window(const Sitter& sitter, const Outline& outline) { sitter.canvas.fill(outline, {kGlass, {}, {}, 1, 0.03}); }

void wheel(const Sitter& sitter, cv::Point2d at, double radius) {
  sitter.canvas.fill(disc(at, radius), {kTyre, {}, {}, 1, 0.03});
  sitter.canvas.fill(disc(at, 0.5 * radius), flat(mix(rgb(210, 212, 216), sitter.accent, 0.3)));
}

void headlight(const Sitter& sitter, cv::Point2d at) { sitter.canvas.fill(disc(at, 0.07), flat(rgb(255, 240, 170))); }

void van(const Sitter& sitter) {
  car_body(sitter, {{-0.92, -0.5}, {0.36, -0.5}, {0.62, -0.06}, {0.96, 0.08}, {0.96, 0.46}, {-0.92, 0.46}});
  window(sitter, {{0.06, -0.36}, {0.3, -0.36}, {0.48, -0.04}, {0.06, -0.04}});
  sitter.canvas.line({{-0.08, -0.46}, {-0.08, 0.42}}, 0.04, ink_of(sitter.colour));
  headlight(sitter, {0.88, 0.18});
  wheel(sitter, {-0.52, 0.48}, 0.23);
  wheel(sitter, {0.54, 0.48}, 0.23);
}

void bus(const Sitter& sitter) {
  car_body(sitter, {{-0.98, -0.56}, {0.9, -0.56}, {0.98, 0.1}, {0.98, 0.46}, {-0.98, 0.46}});
  for (int i = 0; i < 5; ++i) window(sitter, box(-0.86 + 0.34 * i, -0.42, -0.6 + 0.34 * i, -0.08));
  sitter.canvas.line({{-0.96, 0.12}, {0.96, 0.12}}, 0.08, sitter.accent);
  headlight(sitter, {0.9, 0.3});
  wheel(sitter, {-0.58, 0.48}, 0.2);
  wheel(sitter, {0.56, 0.48}, 0.2);
}

void truck(const Sitter& sitter) {
  sitter.canvas.fill(box(-0.96, 0.26, 0.9, 0.42), {rgb(92, 94, 102)});
  car_body(sitter, box(-0.98, -0.72, 0.32, 0.28));
  car_body(sitter, {{0.4, -0.3}, {0.72, -0.3}, {0.96, 0.04}, {0.96, 0.42}, {0.4, 0.42}});
  window(sitter, {{0.5, -0.18}, {0.68, -0.18}, {0.82, 0.06}, {0.5, 0.06}});
  for (const double x : {-0.66, -0.33, 0.0}) sitter.canvas.line({{x, -0.68}, {x, 0.24}}, 0.04, ink_of(sitter.colour));
  wheel(sitter, {-0.66, 0.46}, 0.22);
  wheel(sitter, {-0.16, 0.46}, 0.22);
  wheel(sitter, {0.66, 0.46}, 0.22);
}

void taxi(const Sitter& sitter) {
  sitter.canvas.fill(box(-0.2, -0.68, 0.2, -0.42), {rgb(252, 232, 120)});
  car_body(sitter, {{-0.96, 0},
                    {-0.56, -0.06},
                    {-0.36, -0.44},
                    {0.32, -0.44},
                    {0.56, -0.06},
                    {0.94, 0.04},
                    {0.98, 0.44},
                    {-0.96, 0.44}});
  window(sitter, {{-0.42, -0.08}, {-0.28, -0.34}, {-0.06, -0.34}, {-0.06, -0.08}});
  window(sitter, {{0.04, -0.34}, {0.26, -0.34}, {0.42, -0.08}, {0.04, -0.08}});
  for (int i = 0; i < 12; ++i) {
    const double left = -0.84 + 0.14 * i;
    const double top = i % 2 == 0 ? 0.06 : 0.14;
    sitter.canvas.fill(box(left, top, left + 0.14, top + 0.08), flat(accent_on(sitter.colour, 3)));
  }
  wheel(sitter, {-0.54, 0.44}, 0.22);
  wheel(sitter, {0.56, 0.44}, 0.22);
}

void tractor(const Sitter& sitter) {
  sitter.canvas.line({{0.56, -0.1}, {0.56, -0.66}}, 0.1, rgb(70, 70, 78));
  car_body(sitter, {{-0.1, -0.08}, {0.86, -0.08}, {0.92, 0.4}, {-0.1, 0.44}});
  car_body(sitter, {{-0.66, -0.82}, {0.12, -0.82}, {0.16, 0.3}, {-0.66, 0.3}});
  window(sitter, box(-0.52, -0.68, 0.02, -0.14));
  wheel(sitter, {-0.4, 0.4}, 0.52);
  wheel(sitter, {0.68, 0.6}, 0.3);
}

void pickup(const Sitter& sitter) {
  car_body(sitter, {{-0.98, -0.06},
                    {-0.14, -0.06},
                    {-0.1, -0.5},
                    {0.34, -0.5},
                    {0.56, -0.06},
                    {0.96, 0.02},
                    {0.98, 0.44},
                    {-0.98, 0.44}});
  sitter.canvas.fill(smooth({{-0.9, -0.08}, {-0.7, -0.36}, {-0.5, -0.3}, {-0.26, -0.08}}), {rgb(150, 122, 92)});
  window(sitter, {{0, -0.38}, {0.28, -0.38}, {0.42, -0.08}, {0, -0.08}});
  headlight(sitter, {0.9, 0.14});
  wheel(sitter, {-0.56, 0.46}, 0.25);
  wheel(sitter, {0.58, 0.46}, 0.25);
}

void racer(const Sitter& sitter) {
  sitter.canvas.fill(box(-0.98, -0.4, -0.6, -0.28), {sitter.colour});
  sitter.canvas.line({{-0.8, -0.3}, {-0.8, 0.1}}, 0.08, ink_of(sitter.colour));
  sitter.canvas.fill(disc({-0.02, -0.22}, 0.17), {mix(rgb(250, 250, 250), sitter.accent, 0.5)});
  car_body(sitter,
           {{-0.94, 0.02}, {-0.3, -0.22}, {-0.2, -0.06}, {0.2, -0.06}, {0.3, 0}, {1, 0.28}, {1, 0.42}, {-0.94, 0.42}});
  sitter.canvas.fill(disc({0.06, 0.16}, 0.15), flat(rgb(250, 250, 250)));
  wheel(sitter, {-0.6, 0.34}, 0.3);
  wheel(sitter, {0.62, 0.38}, 0.26);
}

void tanker(const Sitter& sitter) {
  sitter.canvas.fill(box(-0.96, 0.22, 0.9, 0.38), {rgb(92, 94, 102)});
  car_body(sitter, {{0.4, -0.36}, {0.72, -0.36}, {0.96, 0}, {0.96, 0.42}, {0.4, 0.42}});
  window(sitter, {{0.5, -0.24}, {0.68, -0.24}, {0.82, 0.02}, {0.5, 0.02}});
  car_body(sitter, ellipse({-0.32, -0.14}, 0.66, 0.42));
  sitter.canvas.fill(box(-0.46, -0.68, -0.2, -0.54), {rgb(120, 122, 130)});
  sitter.canvas.line({{-0.92, -0.12}, {0.28, -0.12}}, 0.1, sitter.accent);
  wheel(sitter, {-0.66, 0.44}, 0.22);
  wheel(sitter, {-0.16, 0.44}, 0.22);
  wheel(sitter, {0.66, 0.44}, 0.22);
}

constexpr std::pair<std::string_view, void (*)(const Sitter&)> kVehicles[] = {
    {"van", &van},         {"bus", &bus},       {"truck", &truck}, {"taxi", &taxi},
    {"tractor", &tractor}, {"pickup", &pickup}, {"racer", &racer}, {"tanker", &tanker}};

}  // namespace

void paint_car(const Sitter& sitter) { entry_of(kVehicles, word_of(sitter.kind, "vehicle"))(sitter); }

}  // namespace trefoil::demo
