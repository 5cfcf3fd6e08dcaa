// Images in memory, and parts of them.
#pragma once

#include <cstdint>
#include <vector>

namespace trefoil::formats {

constexpr std::int64_t kChannels = 3;  // red, green, blue: one byte each

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

// A part of an image. Its upper left pixel is (left, top).
struct Box {
  std::int64_t left = 0;
  std::int64_t top = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

struct Image {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::vector<std::uint8_t> rgb;  // height * width * kChannels, row by row
};

}  // namespace trefoil::formats
