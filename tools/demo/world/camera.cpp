// The effects of light, lens and sensor.
#include "world/camera.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace trefoil::demo {

namespace {

void illuminate(cv::Mat& picture, const Light& light) {
  constexpr float kDarkest = 0.3F;
  const double half = std::min(picture.rows, picture.cols) / 2.0;
  const auto along_x = static_cast<float>(light.gradient * std::cos(light.direction) / half);
  const auto along_y = static_cast<float>(light.gradient * std::sin(light.direction) / half);
  const auto blue = static_cast<float>(light.gain * std::exp(-light.warmth));
  const auto green = static_cast<float>(light.gain);
  const auto red = static_cast<float>(light.gain * std::exp(light.warmth / 2));
  const auto lit = [](unsigned char number, float by) {
    return static_cast<unsigned char>(std::min(static_cast<float>(number) * by + 0.5F, 255.0F));
  };
  for (int row = 0; row < picture.rows; ++row) {
    unsigned char* pixel = picture.ptr(row);
    const float in_middle = 1 + (static_cast<float>(row) - static_cast<float>(picture.rows) / 2) * along_y;
    for (int column = 0; column < picture.cols; ++column, pixel += 3) {
      const float slope = (static_cast<float>(column) - static_cast<float>(picture.cols) / 2) * along_x;
      const float strength = std::max(kDarkest, in_middle + slope);
      pixel[0] = lit(pixel[0], strength * blue);
      pixel[1] = lit(pixel[1], strength * green);
      pixel[2] = lit(pixel[2], strength * red);
    }
  }
}

void blur(cv::Mat& picture, double deviation) {
  constexpr double kVisible = 0.3;  // in pixels; a smaller blur is not visible and would only cost time
  if (deviation < kVisible) return;
  const int side = 2 * static_cast<int>(std::ceil(2 * deviation)) + 1;
  cv::GaussianBlur(picture, picture, {side, side}, deviation);
}

// Adds to each number the difference of two random bytes (triangular noise), which takes a quarter of a draw.
void add_grain(cv::Mat& picture, double deviation, Random& random) {
  constexpr double kDeviationOfDifference = 104.5;
  const int factor = cvRound(deviation / kDeviationOfDifference * 1024);
  for (int row = 0; row < picture.rows; ++row) {
    auto* numbers = picture.ptr<unsigned char>(row);
    std::uint64_t bits = 0;
    for (int i = 0; i < 3 * picture.cols; ++i) {
      bits = i % 4 == 0 ? random.bits() : bits >> 16U;
      const int difference = static_cast<int>(bits & 0xFFU) - static_cast<int>(bits >> 8U & 0xFFU);
      numbers[i] = cv::saturate_cast<unsigned char>(numbers[i] + difference * factor / 1024);
    }
  }
}

}  // namespace

void photograph(cv::Mat& picture, const Scene& scene, Random& random) {
  illuminate(picture, scene.light);
  blur(picture, scene.blur * std::min(picture.rows, picture.cols));
  add_grain(picture, scene.noise, random);
}

}  // namespace trefoil::demo
