#include "formats/image_encode.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "formats/image_header.h"

namespace trefoil::formats {

std::string encode_jpeg(const Image& image) {
  constexpr int kQuality = 80;
  cv::Mat blue_green_red(static_cast<int>(image.height), static_cast<int>(image.width), CV_8UC3);
  const std::uint8_t* from = image.rgb.data();
  std::uint8_t* to = blue_green_red.data;
  for (std::size_t i = 0; i < blue_green_red.total(); ++i, from += 3, to += 3) {
    to[0] = from[2];
    to[1] = from[1];
    to[2] = from[0];
  }
  std::vector<std::uint8_t> bytes;
  try {
    if (!cv::imencode(".jpg", blue_green_red, bytes, {cv::IMWRITE_JPEG_QUALITY, kQuality})) bytes.clear();
  } catch (const cv::Exception&) {
    bytes.clear();
  }
  if (bytes.empty()) throw BadImage("it cannot be written as JPEG");
  return {bytes.begin(), bytes.end()};
}

}  // namespace trefoil::formats
