// Backgrounds of the images.
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <string_view>

#include "world/random.h"

namespace trefoil::demo {

constexpr std::size_t kFamiliarBackdrops = 9;  // the first backgrounds, which training uses
constexpr std::size_t kBackdrops = 12;

struct BackdropWords {
  std::string_view preposition;  // "on"
  std::string_view word;         // "sand"
};

BackdropWords backdrop_words(std::size_t backdrop);

// Paints the whole image (CV_8UC3, BGR).
void paint_backdrop(std::size_t backdrop, cv::Mat& picture, Random& random);

}  // namespace trefoil::demo
