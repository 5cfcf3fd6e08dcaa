// Flowers on their stems: petals around or above a heart.
#include "world/painters.h"

namespace trefoil::demo {

namespace {

const cv::Point2d kMiddle{0, -0.22};  // centre of the blossom
constexpr Colour kStem = rgb(66, 122, 58);

Colour heart_colour(const Sitter& sitter) { return shade_of(word_of(sitter.kind, "heart")); }

void stem(const Sitter& sitter) {
  sitter.canvas.line({kMiddle, {0.03, 0.4}, {0, 0.98}}, 0.12, kStem);
  const Paint leaf = {mix(kStem, rgb(150, 190, 90), 0.3)};
  sitter.canvas.fill(smooth({{0.02, 0.9}, {0.22, 0.66}, {0.66, 0.56}, {0.44, 0.86}}), leaf);
  sitter.canvas.fill(smooth({{0, 0.98}, {-0.2, 0.74}, {-0.62, 0.66}, {-0.4, 0.92}}), leaf);
}

void petals(const Sitter& sitter, const Outline& outline) {
  const Outline placed = moved(outline, kMiddle);
  sitter.canvas.shadow({placed});
  sitter.canvas.fill(placed, {sitter.colour});
}

void heart(const Sitter& sitter, const Outline& outline) { sitter.canvas.fill(outline, {heart_colour(sitter)}); }

void daisy(const Sitter& sitter) {
  petals(sitter, rosette(13, 0.26, 0.78, 0.7));
  heart(sitter, disc(kMiddle, 0.25));
}

void poppy(const Sitter& sitter) {
  petals(sitter, rosette(4, 0.44, 0.8, 0.4));
  for (int petal = 0; petal < 4; ++petal) {
    const Outline seam = turned({{0.1, 0.1}, {0.29, 0.29}}, 90 * petal);
    sitter.canvas.line(moved(seam, kMiddle), 0.05, ink_of(sitter.colour));
  }
  heart(sitter, disc(kMiddle, 0.26));
}

void tulip(const Sitter& sitter) {
  petals(
      sitter,
      smooth(
          {{-0.52, -0.62}, {-0.2, -0.4}, {0, -0.74}, {0.2, -0.4}, {0.52, -0.62}, {0.5, 0.2}, {0, 0.56}, {-0.5, 0.2}}));
  heart(sitter, moved(ellipse({0, -0.2}, 0.34, 0.24), kMiddle));
  petals(sitter,
         smooth({{-0.54, -0.32}, {-0.18, -0.02}, {0.18, -0.02}, {0.54, -0.32}, {0.46, 0.3}, {0, 0.58}, {-0.46, 0.3}}));
}

void lily(const Sitter& sitter) {
  petals(sitter, rosette(6, 0.2, 0.8, 1.5));
  for (int petal = 0; petal < 6; ++petal) {
    const Outline vein = turned({{0, -0.2}, {0, -0.6}}, 60 * petal);
    sitter.canvas.line(moved(vein, kMiddle), 0.04, sitter.accent);
  }
  heart(sitter, moved(star(6, 0.34, 0.2), kMiddle));
}

void sunflower(const Sitter& sitter) {
  petals(sitter, rosette(20, 0.5, 0.8, 1.2));
  heart(sitter, disc(kMiddle, 0.48));
  const Colour seed = ink_of(heart_colour(sitter));
  for (int ring = 1; ring < 3; ++ring) {
    for (int i = 0; i < 5 * ring; ++i) {
      const Outline at = turned({{0, -0.17 * ring}}, 72.0 * i / ring);
      sitter.canvas.fill(disc(kMiddle + at.front(), 0.04), flat(seed));
    }
  }
}

void bell(const Sitter& sitter) {
  heart(sitter, disc({0, 0.22}, 0.24));
  petals(sitter, smooth({{0, -0.7},
                         {0.32, -0.56},
                         {0.44, -0.1},
                         {0.78, 0.32},
                         {0.38, 0.22},
                         {0, 0.36},
                         {-0.38, 0.22},
                         {-0.78, 0.32},
                         {-0.44, -0.1},
                         {-0.32, -0.56}}));
}

void rose(const Sitter& sitter) {
  petals(sitter, rosette(5, 0.64, 0.76, 0.6));
  petals(sitter, turned(rosette(5, 0.46, 0.58, 0.6), 36));
  petals(sitter, rosette(4, 0.3, 0.4, 0.6));
  heart(sitter, disc(kMiddle, 0.17));
}

void primrose(const Sitter& sitter) {
  Outline outline = rosette(5, 0.24, 0.84, 0.45);
  for (std::size_t i = 0; i < outline.size(); i += 10) outline[i] *= 0.8;  // the notch at each petal's tip
  petals(sitter, outline);
  heart(sitter, moved(star(5, 0.34, 0.18), kMiddle));
}

constexpr std::pair<std::string_view, void (*)(const Sitter&)> kFlowers[] = {
    {"daisy", &daisy},         {"poppy", &poppy}, {"tulip", &tulip}, {"lily", &lily},
    {"sunflower", &sunflower}, {"bell", &bell},   {"rose", &rose},   {"primrose", &primrose}};

}  // namespace

void paint_flower(const Sitter& sitter) {
  stem(sitter);
  entry_of(kFlowers, word_of(sitter.kind, "flower"))(sitter);
}

}  // namespace trefoil::demo
