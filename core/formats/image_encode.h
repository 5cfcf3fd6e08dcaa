// From a picture to a file's bytes.
#pragma once

#include <string>

#include "formats/image.h"

namespace trefoil::formats {

// A JPEG of middling quality (80 of 100), for pictures that are only looked at. Throws BadImage when OpenCV cannot.
std::string encode_jpeg(const Image& image);

}  // namespace trefoil::formats
