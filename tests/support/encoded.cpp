#include "support/encoded.h"

#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

namespace tests {

std::string encode(const std::string& extension, const cv::Mat& matrix, const std::vector<int>& settings) {
  std::vector<std::uint8_t> bytes;
  if (!cv::imencode(extension, matrix, bytes, settings)) throw std::runtime_error("OpenCV cannot encode " + extension);
  return {bytes.begin(), bytes.end()};
}

}  // namespace tests
