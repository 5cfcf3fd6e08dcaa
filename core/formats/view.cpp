#include "formats/view.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "formats/resize.h"

namespace trefoil::formats {

namespace {

constexpr double kSmallestScale = 0.5;
constexpr double kLargestScale = 1.0;
constexpr double kSmallestRatio = 3.0 / 4.0;
constexpr double kLargestRatio = 4.0 / 3.0;
constexpr int kTries = 10;

// Random numbers that are equal on every machine. The C++ standard defines the numbers of std::mt19937_64, but not
// those of its distributions.
class Random {
 public:
  explicit Random(std::uint64_t seed) : generator_(seed) {}

  // Returns a number in [low, high), in 2^53 steps.
  double real(double low, double high) {
    return low + (high - low) * (static_cast<double>(generator_() >> 11U) * 0x1.0p-53);
  }

  // Returns a number in [0, count). Numbers of the last, incomplete cycle are drawn again, so that all results are
  // equally likely.
  std::int64_t integer(std::int64_t count) {
    const auto cycle = static_cast<std::uint64_t>(count);
    const std::uint64_t end = std::numeric_limits<std::uint64_t>::max() / cycle * cycle;
    std::uint64_t number = generator_();
    while (number >= end) number = generator_();
    return static_cast<std::int64_t>(number % cycle);
  }

 private:
  std::mt19937_64 generator_;
};

// Rounds halves to the even neighbour, as Python's round does. This is also the default rounding mode of nearbyint.
std::int64_t round_half_to_even(double value) { return static_cast<std::int64_t>(std::nearbyint(value)); }

// Follows torchvision.transforms.functional.center_crop.
std::int64_t centered(std::int64_t length, std::int64_t part) {
  return round_half_to_even(static_cast<double>(length - part) / 2.0);
}

// Follows torchvision.transforms.functional._compute_resized_output_size.
Size with_short_side(Size image, std::int64_t side) {
  const auto [shorter, longer] = std::minmax(image.width, image.height);
  const auto resized = static_cast<std::int64_t>(static_cast<double>(side * longer) / static_cast<double>(shorter));
  return image.width <= image.height ? Size{side, resized} : Size{resized, side};
}

// Follows torchvision.transforms.RandomResizedCrop.get_params after ten unsuccessful tries: the middle of the image,
// with the nearest allowed aspect ratio.
Box middle_box(Size image) {
  Size part = image;
  const double ratio = static_cast<double>(image.width) / static_cast<double>(image.height);
  if (ratio < kSmallestRatio) part.height = round_half_to_even(static_cast<double>(image.width) / kSmallestRatio);
  if (ratio > kLargestRatio) part.width = round_half_to_even(static_cast<double>(image.height) * kLargestRatio);
  return {(image.width - part.width) / 2, (image.height - part.height) / 2, part.width, part.height};
}

// Follows torchvision.transforms.RandomResizedCrop.get_params.
Box choose_box(Size image, Random& random) {
  const double area = static_cast<double>(image.width) * static_cast<double>(image.height);
  for (int i = 0; i < kTries; ++i) {
    const double part = area * random.real(kSmallestScale, kLargestScale);
    const double ratio = std::exp(random.real(std::log(kSmallestRatio), std::log(kLargestRatio)));
    const std::int64_t width = round_half_to_even(std::sqrt(part * ratio));
    const std::int64_t height = round_half_to_even(std::sqrt(part / ratio));
    if (width < 1 || width > image.width || height < 1 || height > image.height) continue;
    const std::int64_t top = random.integer(image.height - height + 1);
    const std::int64_t left = random.integer(image.width - width + 1);
    return {left, top, width, height};
  }
  return middle_box(image);
}

void mirror(Image& image) {
  for (std::int64_t y = 0; y < image.height; ++y) {
    std::uint8_t* row = image.rgb.data() + y * image.width * kChannels;
    for (std::int64_t x = 0; x < image.width / 2; ++x) {
      std::uint8_t* left = row + x * kChannels;
      std::swap_ranges(left, left + kChannels, row + (image.width - 1 - x) * kChannels);
    }
  }
}

}  // namespace

Image clip_crop(const Image& image, std::int64_t side, Interpolation interpolation) {
  if (image.width < 1 || image.height < 1) throw std::invalid_argument("the image is empty");
  const Size size = with_short_side({image.width, image.height}, side);
  const Box window{centered(size.width, side), centered(size.height, side), side, side};
  return resize(image, {0, 0, image.width, image.height}, size, window, interpolation);
}

Image whole_view(const Image& image, const PixelFormat& format) {
  const std::int64_t side = format.resolution;
  if (format.framing == Framing::crop) return clip_crop(image, side, format.interpolation);
  return resize(image, {0, 0, image.width, image.height}, {side, side}, {0, 0, side, side}, format.interpolation);
}

View choose_view(Size image, std::uint64_t seed) {
  Random random(seed);
  View view;
  view.box = choose_box(image, random);
  view.mirrored = random.real(0.0, 1.0) < 0.5;
  return view;
}

Image random_view(const Image& image, std::int64_t side, std::uint64_t seed, Interpolation interpolation) {
  const View view = choose_view({image.width, image.height}, seed);
  Image result = resize(image, view.box, {side, side}, {0, 0, side, side}, interpolation);
  if (view.mirrored) mirror(result);
  return result;
}

}  // namespace trefoil::formats
