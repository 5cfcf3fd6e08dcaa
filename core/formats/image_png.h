// Reads the header of a PNG file, and checks its checksums. OpenCV decodes it.
#pragma once

#include <string_view>

#include "formats/image_header.h"

namespace trefoil::formats {

bool is_png(std::string_view file);

// Throws BadImage unless the end chunk is in the file.
Header read_png_header(std::string_view file);

// Throws BadImage if the checksum of a chunk that decides the pixels is wrong. libpng would refuse the file, too, but
// would write to stderr. The header must have been read before.
void require_png_checksums(std::string_view file);

}  // namespace trefoil::formats
