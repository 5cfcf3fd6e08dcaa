// Reads PBM, PGM and PPM files, of text or binary numbers (P1 to P6).
#pragma once

#include <string_view>

#include "formats/image.h"
#include "formats/image_header.h"

namespace trefoil::formats {

bool is_pnm(std::string_view file);

// Throws BadImage unless the file is complete.
Header read_pnm_header(std::string_view file);

// Scales the values to 0 to 255, as Pillow does: the nearest number, and the even one of two. Throws BadImage.
Image decode_pnm(std::string_view file);

}  // namespace trefoil::formats
