// JPEG files decoded at a reduced resolution.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "formats/image_decode.h"
#include "formats/image_encode.h"
#include "formats/resize.h"
#include "support/catch.h"
#include "support/encoded.h"

using namespace trefoil::formats;

namespace {

// A picture without sharp edges, 450 × 310.
Image smooth() {
  Image image{450, 310, {}};
  for (int y = 0; y < 310; ++y) {
    for (int x = 0; x < 450; ++x) {
      const double wave = 60 * std::sin(x * 0.03) + 40 * std::cos(y * 0.05);
      for (const double level : {128 + wave, 128 - wave, 90.0}) image.rgb.push_back(static_cast<std::uint8_t>(level));
    }
  }
  return image;
}

bool equal(const Image& a, const Image& b) { return a.width == b.width && a.height == b.height && a.rgb == b.rgb; }

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

}  // namespace

TEST_CASE("a JPEG is reduced as far as its shorter side allows", "[images]") {
  const std::string jpeg = encode_jpeg(smooth());
  const auto size = [&](std::int64_t least_side) {
    const Image image = decode_reduced(jpeg, least_side);
    return std::pair(image.width, image.height);
  };
  REQUIRE(size(1) == std::pair<std::int64_t, std::int64_t>(57, 39));  // an eighth, rounded up
  REQUIRE(size(39) == std::pair<std::int64_t, std::int64_t>(57, 39));
  REQUIRE(size(40) == std::pair<std::int64_t, std::int64_t>(113, 78));
  REQUIRE(size(79) == std::pair<std::int64_t, std::int64_t>(225, 155));
  REQUIRE(equal(decode_reduced(jpeg, 156), decode(jpeg)));
  REQUIRE(equal(decode_reduced(jpeg, 100'000), decode(jpeg)));
}

TEST_CASE("a reduced picture looks like the whole one", "[images]") {
  const std::string jpeg = encode_jpeg(smooth());
  const Image whole = decode(jpeg);
  for (const std::int64_t least_side : {39, 78, 155}) {
    const Image reduced = decode_reduced(jpeg, least_side);
    const Size size{reduced.width, reduced.height};
    const Image scaled = resize(whole, {0, 0, whole.width, whole.height}, size, {0, 0, size.width, size.height});
    CAPTURE(least_side);
    REQUIRE(mean_difference(reduced, scaled) < 3);
  }
}

TEST_CASE("other formats are never reduced, and damaged files are refused", "[images]") {
  const Image image = smooth();
  cv::Mat matrix(310, 450, CV_8UC3);
  std::copy(image.rgb.begin(), image.rgb.end(), matrix.data);
  for (const char* extension : {".png", ".bmp", ".webp"}) {
    const std::string file = tests::encode(extension, matrix);
    CAPTURE(extension);
    REQUIRE(equal(decode_reduced(file, 10), decode(file)));
  }
  const std::string jpeg = encode_jpeg(image);
  REQUIRE_THROWS_AS(decode_reduced(jpeg.substr(0, jpeg.size() / 2), 10), BadImage);
  REQUIRE_THROWS_AS(decode_reduced("no image", 10), BadImage);
}
