// Encodes images.
#pragma once

#include <string>

#include "formats/image.h"

namespace trefoil::formats {

// Returns a JPEG file of quality 80 (of 100), for images in reports. Throws BadImage when OpenCV fails.
std::string encode_jpeg(const Image& image);

}  // namespace trefoil::formats
