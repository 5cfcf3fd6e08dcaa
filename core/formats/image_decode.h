// Reads image files and decodes them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "formats/image.h"
#include "formats/image_header.h"

namespace trefoil::formats {

// Decodes an image file to 8-bit RGB. Of an animation or of several pages, the first image is used. Grey values are
// repeated for the three channels, palette entries are replaced by their colours, and alpha is dropped without changing
// the colours. Of 16-bit values, the upper 8 bits are used. As in Pillow's Image.open, EXIF orientation is ignored, and
// a TIFF is turned as its orientation tag says. Throws BadImage.
Image decode(std::string_view bytes);

// How much of a large JPEG is decoded.
enum class Decode {
  exact,  // all of it, bit by bit as Pillow does
  fast    // a half, a quarter or an eighth of its resolution, which its decoder computes in a fraction of the time
};

// Decodes a JPEG at the smallest of these resolutions at which both sides keep at least `least_side` pixels, and every
// other image as `decode` does. The sides of a reduced image are rounded up. Throws BadImage.
Image decode_reduced(std::string_view bytes, std::int64_t least_side);

// Returns the bytes of a regular file of at most 1 GiB. Pipes and devices are refused without opening them, because
// opening one may wait forever. Throws BadImage.
std::string read_image_file(const std::filesystem::path& path);

}  // namespace trefoil::formats
