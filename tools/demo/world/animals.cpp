// Animals: silhouettes with eyes and legs, and a coat pattern on the body.
#include "world/painters.h"

namespace trefoil::demo {

namespace {

Paint coat(const Sitter& sitter) {
  return {sitter.colour, pattern_of(word_of(sitter.kind, "coat")), sitter.accent, 0.75 * sitter.grain};
}

Colour darker(const Sitter& sitter) { return mix(sitter.colour, ink_of(sitter.colour), 0.35); }

void animal_body(const Sitter& sitter, const Outline& outline) {
  sitter.canvas.shadow({outline});
  sitter.canvas.fill(outline, coat(sitter));
}

void part(const Sitter& sitter, const Outline& outline) { sitter.canvas.fill(outline, {darker(sitter)}); }

void eye(const Sitter& sitter, cv::Point2d at, double radius) {
  sitter.canvas.fill(disc(at, radius), {rgb(250, 250, 246)});
  sitter.canvas.fill(disc(at, 0.55 * radius), flat(rgb(20, 20, 24)));
}

void leg(const Sitter& sitter, const Outline& path) { sitter.canvas.line(path, 0.08, ink_of(sitter.colour)); }

Outline mirrored(Outline outline) {
  for (cv::Point2d& point : outline) point.x = -point.x;
  return outline;
}

void legs_of_both_sides(const Sitter& sitter, const Shape& paths) {
  for (const Outline& path : paths) {
    leg(sitter, path);
    leg(sitter, mirrored(path));
  }
}

void fish(const Sitter& sitter) {
  part(sitter, {{-0.5, 0}, {-1, -0.45}, {-0.86, 0}, {-1, 0.45}});
  part(sitter, smooth({{-0.25, -0.3}, {0.05, -0.68}, {0.4, -0.32}, {0.1, -0.2}}));
  animal_body(
      sitter,
      smooth({{0.96, 0.02}, {0.5, -0.38}, {-0.05, -0.44}, {-0.64, -0.08}, {-0.64, 0.08}, {-0.05, 0.44}, {0.5, 0.4}}));
  part(sitter, smooth({{0.2, 0.12}, {-0.18, 0.34}, {-0.1, 0.02}}));
  eye(sitter, {0.6, -0.12}, 0.12);
}

void bird(const Sitter& sitter) {
  leg(sitter, {{-0.05, 0.5}, {-0.05, 0.92}, {0.12, 0.92}});
  leg(sitter, {{0.2, 0.5}, {0.2, 0.92}, {0.37, 0.92}});
  part(sitter, {{-0.4, 0}, {-1, -0.22}, {-0.92, 0.2}, {-0.4, 0.36}});
  sitter.canvas.fill({{0.66, -0.56}, {1, -0.4}, {0.66, -0.3}}, {rgb(244, 160, 40)});
  animal_body(sitter, smooth({{0.44, -0.8},
                              {0.74, -0.56},
                              {0.68, -0.2},
                              {0.44, 0.4},
                              {0, 0.58},
                              {-0.5, 0.38},
                              {-0.56, 0.06},
                              {-0.1, -0.14},
                              {0.16, -0.5}}));
  part(sitter, smooth({{0.14, 0}, {-0.2, 0.32}, {-0.72, 0.24}, {-0.3, -0.04}}));
  eye(sitter, {0.48, -0.52}, 0.1);
}

void beetle(const Sitter& sitter) {
  legs_of_both_sides(sitter, {{{0.3, -0.2}, {0.72, -0.34}, {0.86, -0.66}},
                              {{0.4, 0.15}, {0.92, 0.14}},
                              {{0.3, 0.5}, {0.72, 0.64}, {0.84, 0.94}},
                              {{0.1, -0.7}, {0.34, -0.98}}});
  part(sitter, ellipse({0, -0.56}, 0.34, 0.28));
  animal_body(sitter, ellipse({0, 0.2}, 0.56, 0.74));
  sitter.canvas.line({{0, -0.48}, {0, 0.9}}, 0.06, ink_of(sitter.colour));
}

void snail(const Sitter& sitter) {
  const Colour skin = mix(sitter.colour, rgb(232, 216, 184), 0.6);
  leg(sitter, {{0.72, -0.1}, {0.62, -0.5}});
  leg(sitter, {{0.8, -0.1}, {0.94, -0.46}});
  sitter.canvas.fill(
      smooth({{-0.98, 0.82}, {-0.3, 0.5}, {0.5, 0.46}, {0.62, -0.1}, {0.92, -0.06}, {0.92, 0.4}, {0.6, 0.82}}), {skin});
  animal_body(sitter, disc({-0.14, 0.02}, 0.62));
  sitter.canvas.line(arc({-0.1, 0.02}, 0.36, 180, 430), 0.07, ink_of(sitter.colour));
  sitter.canvas.line(arc({-0.1, 0.06}, 0.16, 0, 270), 0.07, ink_of(sitter.colour));
}

void snake(const Sitter& sitter) {
  sitter.canvas.line({{0.72, -0.62}, {0.98, -0.66}}, 0.05, rgb(214, 40, 60));
  Outline spine = arc({0.3, -0.34}, 0.34, -70, -270);
  const Outline second = arc({0.2, 0.32}, 0.33, -90, 90);
  spine.insert(spine.end(), second.begin() + 1, second.end());
  spine.insert(spine.end(), {{-0.1, 0.64}, {-0.4, 0.5}, {-0.62, 0.52}, {-0.96, 0.78}});
  animal_body(sitter, ribbon(spine, 0.2, 0.05));
  animal_body(sitter, ellipse({0.52, -0.64}, 0.28, 0.2));
  eye(sitter, {0.58, -0.7}, 0.09);
}

void butterfly(const Sitter& sitter) {
  const Outline upper = smooth({{0.04, -0.06}, {0.3, -0.72}, {0.9, -0.82}, {0.92, -0.3}, {0.5, 0.06}});
  const Outline lower = smooth({{0.04, 0}, {0.54, 0.06}, {0.78, 0.46}, {0.46, 0.84}, {0.14, 0.5}});
  for (const Outline& wing : {lower, mirrored(lower), upper, mirrored(upper)}) animal_body(sitter, wing);
  legs_of_both_sides(sitter, {{{0.04, -0.5}, {0.24, -0.92}}});
  sitter.canvas.fill(ellipse({0, 0.02}, 0.1, 0.54), {ink_of(sitter.colour)});
}

void mouse(const Sitter& sitter) {
  sitter.canvas.line({{-0.6, 0.56}, {-0.84, 0.6}, {-0.96, 0.42}, {-0.9, 0.14}, {-1, -0.06}}, 0.1, rgb(226, 150, 150));
  part(sitter, disc({0.22, -0.5}, 0.26));
  animal_body(
      sitter,
      smooth({{0.98, 0.32}, {0.6, -0.16}, {0.1, -0.36}, {-0.5, -0.24}, {-0.82, 0.3}, {-0.6, 0.66}, {0.5, 0.66}}));
  sitter.canvas.fill(disc({0.42, -0.36}, 0.27), {mix(sitter.colour, rgb(244, 170, 176), 0.6)});
  sitter.canvas.fill(disc({0.95, 0.32}, 0.08), flat(rgb(214, 84, 104)));
  eye(sitter, {0.62, 0.12}, 0.1);
}

void turtle(const Sitter& sitter) {
  const Paint skin = {mix(sitter.colour, rgb(206, 196, 140), 0.55)};
  sitter.canvas.fill(smooth({{0.5, 0.3}, {0.6, -0.2}, {0.84, -0.36}, {1, -0.16}, {0.86, 0.1}, {0.7, 0.42}}), skin);
  sitter.canvas.fill(smooth({{-0.6, 0.3}, {-0.66, 0.74}, {-0.3, 0.74}, {-0.24, 0.3}}), skin);
  sitter.canvas.fill(smooth({{0.2, 0.3}, {0.22, 0.74}, {0.56, 0.74}, {0.56, 0.3}}), skin);
  sitter.canvas.fill({{-0.7, 0.26}, {-1, 0.44}, {-0.66, 0.44}}, skin);
  animal_body(sitter, smooth({{-0.84, 0.36}, {-0.66, -0.22}, {-0.12, -0.62}, {0.42, -0.26}, {0.68, 0.36}, {0, 0.42}}));
  sitter.canvas.line({{-0.84, 0.38}, {0.68, 0.38}}, 0.1, ink_of(sitter.colour));
  eye(sitter, {0.86, -0.18}, 0.08);
}

void spider(const Sitter& sitter) {
  legs_of_both_sides(sitter, {{{0.1, -0.2}, {0.5, -0.66}, {0.66, -0.96}},
                              {{0.1, -0.1}, {0.66, -0.34}, {0.96, -0.56}},
                              {{0.1, 0}, {0.68, 0.1}, {0.98, 0.4}},
                              {{0.1, 0.1}, {0.56, 0.46}, {0.7, 0.94}}});
  animal_body(sitter, ellipse({0, 0.3}, 0.46, 0.52));
  part(sitter, disc({0, -0.32}, 0.27));
  eye(sitter, {-0.1, -0.4}, 0.08);
  eye(sitter, {0.1, -0.4}, 0.08);
}

void crab(const Sitter& sitter) {
  legs_of_both_sides(sitter, {{{0.4, 0.3}, {0.84, 0.3}, {0.96, 0.6}},
                              {{0.36, 0.4}, {0.7, 0.54}, {0.76, 0.84}},
                              {{0.46, 0.1}, {0.8, -0.12}, {0.76, -0.4}},
                              {{0.16, 0}, {0.18, -0.42}}});
  const Outline claw = {{0.62, -0.34}, {0.46, -0.62}, {0.56, -0.94}, {0.72, -0.62},
                        {0.9, -0.96},  {0.98, -0.6},  {0.84, -0.32}};
  part(sitter, claw);
  part(sitter, mirrored(claw));
  animal_body(sitter, smooth({{-0.66, 0.06}, {-0.3, -0.2}, {0.3, -0.2}, {0.66, 0.06}, {0.42, 0.56}, {-0.42, 0.56}}));
  eye(sitter, {-0.18, -0.44}, 0.11);
  eye(sitter, {0.18, -0.44}, 0.11);
}

constexpr std::pair<std::string_view, void (*)(const Sitter&)> kSpecies[] = {
    {"fish", &fish},           {"bird", &bird},   {"beetle", &beetle}, {"snail", &snail},   {"snake", &snake},
    {"butterfly", &butterfly}, {"mouse", &mouse}, {"turtle", &turtle}, {"spider", &spider}, {"crab", &crab}};

}  // namespace

void paint_animal(const Sitter& sitter) { entry_of(kSpecies, word_of(sitter.kind, "species"))(sitter); }

}  // namespace trefoil::demo
