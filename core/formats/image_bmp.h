// Reads BMP files. OpenCV decodes those without bit masks.
#pragma once

#include <string_view>

#include "formats/image.h"
#include "formats/image_header.h"

namespace trefoil::formats {

bool is_bmp(std::string_view file);

// Throws BadImage unless the file is complete.
Header read_bmp_header(std::string_view file);

// Returns the colours of a file whose pixels are numbers of 16 or 32 bits with a mask for each channel. Scales them to
// 0 to 255 and rounds down, as Pillow does. Alpha is dropped. Throws BadImage.
Image decode_masked_bmp(std::string_view file);

}  // namespace trefoil::formats
