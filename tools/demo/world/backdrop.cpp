// The textures of the backgrounds: coarse random numbers, stretched and coloured, and a few lines.
#include "world/backdrop.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "world/palette.h"

namespace trefoil::demo {

namespace {

// Returns a random number, 0 to 255, for each cell, interpolated between cells (CV_8U).
cv::Mat cells(cv::Size size, int columns, int rows, Random& random) {
  cv::Mat coarse(rows, columns, CV_8U);
  for (int row = 0; row < rows; ++row) {
    auto* numbers = coarse.ptr<unsigned char>(row);
    std::uint64_t bits = 0;
    for (int column = 0; column < columns; ++column) {
      bits = column % 8 == 0 ? random.bits() : bits >> 8U;
      numbers[column] = static_cast<unsigned char>(bits & 0xFFU);
    }
  }
  cv::Mat field;
  cv::resize(coarse, field, size, 0, 0, cv::INTER_LINEAR);
  return field;
}

// Fills the image with colours between `low` and `high`, by a random field of cells.
void texture(cv::Mat& picture, const Colour& low, const Colour& high, int columns, int rows, Random& random) {
  std::array<cv::Vec3b, 256> colours;
  for (std::size_t i = 0; i < colours.size(); ++i) {
    const Colour colour = mix(low, high, static_cast<double>(i) / 255);
    colours[i] =
        cv::Vec3b(cv::saturate_cast<unsigned char>(colour.blue), cv::saturate_cast<unsigned char>(colour.green),
                  cv::saturate_cast<unsigned char>(colour.red));
  }
  const cv::Mat field = cells(picture.size(), columns, rows, random);
  for (int row = 0; row < picture.rows; ++row) {
    auto* pixels = picture.ptr<cv::Vec3b>(row);
    const auto* numbers = field.ptr<unsigned char>(row);
    for (int column = 0; column < picture.cols; ++column) pixels[column] = colours[numbers[column]];
  }
}

cv::Point somewhere(const cv::Mat& picture, Random& random) {
  const double x = random.uniform(0, picture.cols);
  const double y = random.uniform(0, picture.rows);
  return {static_cast<int>(x), static_cast<int>(y)};
}

int share(const cv::Mat& picture, double of_short_side) {
  return std::max(1, cvRound(of_short_side * std::min(picture.rows, picture.cols)));
}

// Draws lines across the whole image at equal distances. `distance` and `width` are fractions of the short side.
void rules(cv::Mat& picture, double distance, double width, const Colour& colour, bool upright) {
  const int step = share(picture, distance);
  const int thick = share(picture, width);
  const int length = upright ? picture.cols : picture.rows;
  for (int at = step / 2; at < length; at += step) {
    cv::Mat strip = upright ? picture.colRange(at, std::min(at + thick, length))
                            : picture.rowRange(at, std::min(at + thick, length));
    strip.setTo(scalar(colour));
  }
}

void grass(cv::Mat& picture, Random& random) {
  texture(picture, rgb(74, 118, 58), rgb(132, 172, 88), 40, 12, random);
  for (int blade = 0; blade < 36; ++blade) {
    const cv::Point foot = somewhere(picture, random);
    const cv::Point tip(foot.x + share(picture, 0.03) * static_cast<int>(random.below(3)) - share(picture, 0.03),
                        foot.y - share(picture, 0.09));
    cv::line(picture, foot, tip, scalar(mix(rgb(60, 102, 48), rgb(158, 192, 104), random.uniform())),
             share(picture, 0.012));
  }
}

void sand(cv::Mat& picture, Random& random) {
  texture(picture, rgb(206, 182, 136), rgb(240, 222, 182), 60, 60, random);
}

void wood(cv::Mat& picture, Random& random) {
  texture(picture, rgb(150, 106, 70), rgb(196, 152, 106), 4, 56, random);
  rules(picture, 0.26, 0.015, rgb(96, 64, 42), false);
}

void brick(cv::Mat& picture, Random& random) {
  texture(picture, rgb(140, 84, 68), rgb(184, 120, 98), 12, 20, random);
  const Colour mortar = rgb(204, 194, 182);
  rules(picture, 0.125, 0.02, mortar, false);
  const int height = share(picture, 0.125);
  const int width = share(picture, 0.25);
  for (int row = 0; row * height < picture.rows; ++row) {
    for (int x = row % 2 == 0 ? 0 : width / 2; x < picture.cols; x += width) {
      const cv::Rect joint(x, row * height - height / 2, share(picture, 0.02), height);
      picture(joint & cv::Rect({}, picture.size())).setTo(scalar(mortar));
    }
  }
}

void water(cv::Mat& picture, Random& random) {
  texture(picture, rgb(54, 118, 152), rgb(136, 192, 208), 5, 22, random);
  for (int glint = 0; glint < 10; ++glint) {
    const cv::Point at = somewhere(picture, random);
    cv::line(picture, at, at + cv::Point(share(picture, 0.08), 0), scalar(rgb(206, 230, 236)), share(picture, 0.01));
  }
}

void snow(cv::Mat& picture, Random& random) { texture(picture, rgb(208, 220, 234), rgb(252, 253, 255), 7, 9, random); }

void night(cv::Mat& picture, Random& random) {
  texture(picture, rgb(22, 26, 56), rgb(52, 54, 100), 3, 4, random);
  for (int number = 0; number < 22; ++number) {
    cv::circle(picture, somewhere(picture, random), share(picture, 0.008), scalar(rgb(236, 234, 208)), cv::FILLED);
  }
}

void paper(cv::Mat& picture, Random& random) {
  texture(picture, rgb(238, 234, 222), rgb(248, 245, 237), 30, 30, random);
  rules(picture, 0.1, 0.01, rgb(176, 196, 220), false);
}

void stone(cv::Mat& picture, Random& random) {
  texture(picture, rgb(124, 126, 130), rgb(178, 178, 176), 26, 26, random);
}

void tiles(cv::Mat& picture, Random& random) {
  texture(picture, rgb(150, 186, 182), rgb(186, 212, 206), 5, 5, random);
  rules(picture, 0.2, 0.02, rgb(232, 236, 232), false);
  rules(picture, 0.2, 0.02, rgb(232, 236, 232), true);
}

void leaves(cv::Mat& picture, Random& random) {
  picture.setTo(scalar(rgb(92, 74, 54)));
  for (int leaf = 0; leaf < 60; ++leaf) {
    const Colour colour = mix(rgb(120, 88, 52), rgb(186, 152, 92), random.uniform());
    const cv::Point at = somewhere(picture, random);
    const cv::Size radii(share(picture, 0.09), share(picture, 0.04));
    cv::ellipse(picture, at, radii, random.uniform(0, 180), 0, 360, scalar(colour), cv::FILLED);
  }
}

void cloth(cv::Mat& picture, Random& random) {
  texture(picture, rgb(206, 200, 208), rgb(226, 222, 228), 50, 50, random);
  rules(picture, 0.14, 0.05, rgb(168, 162, 186), false);
  rules(picture, 0.14, 0.05, rgb(186, 180, 202), true);
}

struct Backdrop {
  BackdropWords words;
  void (*paint)(cv::Mat&, Random&) = nullptr;
};

constexpr std::array<Backdrop, kBackdrops> kAll = {{{{"on", "grass"}, &grass},
                                                    {{"on", "sand"}, &sand},
                                                    {{"on", "wood"}, &wood},
                                                    {{"by", "brick"}, &brick},
                                                    {{"in", "water"}, &water},
                                                    {{"in", "snow"}, &snow},
                                                    {{"at", "night"}, &night},
                                                    {{"on", "paper"}, &paper},
                                                    {{"on", "stone"}, &stone},
                                                    {{"on", "tiles"}, &tiles},
                                                    {{"on", "leaves"}, &leaves},
                                                    {{"on", "cloth"}, &cloth}}};

}  // namespace

BackdropWords backdrop_words(std::size_t backdrop) { return kAll[backdrop].words; }

void paint_backdrop(std::size_t backdrop, cv::Mat& picture, Random& random) { kAll[backdrop].paint(picture, random); }

}  // namespace trefoil::demo
