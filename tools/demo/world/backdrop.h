// What things lie on or stand before.
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <string_view>

#include "world/random.h"

namespace trefoil::demo {

constexpr std::size_t kFamiliarBackdrops = 9;  // the first ones: those that training has
constexpr std::size_t kBackdrops = 12;

struct BackdropWords {
  std::string_view preposition;  // "on"
  std::string_view word;         // "sand"
};

BackdropWords backdrop_words(std::size_t backdrop);

// Covers the whole picture (CV_8UC3, BGR).
void paint_backdrop(std::size_t backdrop, cv::Mat& picture, Random& random);

}  // namespace trefoil::demo
