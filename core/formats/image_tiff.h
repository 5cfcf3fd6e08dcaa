// Reads the header of a TIFF file. OpenCV decodes it with libtiff.
#pragma once

#include <string>
#include <string_view>

#include "formats/image_header.h"

namespace trefoil::formats {

bool is_tiff(std::string_view file);

// Reads the first page. Its size is that after turning it as its orientation says, which Pillow and OpenCV do when they
// decode it. Throws BadImage unless all its pixels are in the file.
Header read_tiff_header(std::string_view file);

// Returns the file with its alpha channel declared as "associated". Otherwise libtiff multiplies the colours by alpha.
std::string with_alpha_unused(std::string_view file);

}  // namespace trefoil::formats
