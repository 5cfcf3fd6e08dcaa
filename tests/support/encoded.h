// Image files that OpenCV encodes, for tests of decoders.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace tests {

// The bytes of a file with this extension, such as ".png". Throws std::runtime_error when OpenCV cannot encode the
// matrix.
std::string encode(const std::string& extension, const cv::Mat& matrix, const std::vector<int>& settings = {});

}  // namespace tests
