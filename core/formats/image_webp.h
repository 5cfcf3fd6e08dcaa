// Reads WebP files. OpenCV decodes those that are not animated.
#pragma once

#include <string_view>

#include "formats/image.h"
#include "formats/image_header.h"

namespace trefoil::formats {

bool is_webp(std::string_view file);

// Throws BadImage unless the file is complete.
Header read_webp_header(std::string_view file);

// Returns the first image of an animated WebP on its canvas, as Pillow does. Alpha is dropped. Throws BadImage.
Image decode_animated_webp(std::string_view file);

}  // namespace trefoil::formats
