// Reads the header of a JPEG 2000 file. OpenCV decodes it with OpenJPEG.
#pragma once

#include <string_view>

#include "formats/image_header.h"

namespace trefoil::formats {

// Whether it is a .jp2 file or a bare codestream.
bool is_jpeg2000(std::string_view file);

// Throws BadImage unless the file is complete.
Header read_jpeg2000_header(std::string_view file);

}  // namespace trefoil::formats
