// Reads format, size and completeness from the bytes of an image file, without decoding it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trefoil::formats {

// The reason why an image file cannot be used: one sentence without the path. The caller adds the path.
struct BadImage : std::runtime_error {
  explicit BadImage(const std::string& message) : std::runtime_error(message) {}
};

enum class Format { jpeg, png, bmp, masked_bmp, webp, animated_webp, gif, tiff, pnm, jpeg2000 };

struct Header {
  Format format = Format::jpeg;
  std::int64_t width = 0;
  std::int64_t height = 0;
};

// Pillow raises DecompressionBombError above this number of pixels (Image.py, twice MAX_IMAGE_PIXELS).
constexpr std::int64_t kMostPixels = 178956970;

// Throws BadImage unless the bytes are a complete image file of 1 to kMostPixels pixels in one of these formats. The
// first bytes decide the format. A file that was cut short is refused, because a decoder would fill the missing part
// with grey. Of a GIF, only the first frame must be complete; of a TIFF, only the first page.
Header read_header(std::string_view bytes);

}  // namespace trefoil::formats
