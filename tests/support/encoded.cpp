#include "support/encoded.h"

#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

namespace tests {

std::string encode(const std::string& ending, const cv::Mat& matrix, const std::vector<int>& settings) {
  std::vector<std::uint8_t> bytes;
  if (!cv::imencode(ending, matrix, bytes, settings)) throw std::runtime_error("OpenCV cannot encode " + ending);
  return {bytes.begin(), bytes.end()};
}

}  // namespace tests
