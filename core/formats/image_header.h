// What the bytes of an image file say about it before anything is decoded.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trefoil::formats {

// Why a file is of no use, as one sentence without the file's path, which the caller knows.
struct BadImage : std::runtime_error {
  explicit BadImage(const std::string& message) : std::runtime_error(message) {}
};

enum class Format { jpeg, png, bmp, webp };

struct Header {
  Format format = Format::jpeg;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

// Pillow raises DecompressionBombError above this number of pixels (Image.py, twice MAX_IMAGE_PIXELS).
constexpr std::int64_t kMostPixels = 178956970;

// Throws BadImage unless the bytes are a JPEG, PNG, BMP or WebP of 1 to kMostPixels pixels that goes on to its end.
// What a decoder would fill with grey, because the file was cut short, is refused here.
Header read_header(std::string_view bytes);

}  // namespace trefoil::formats
