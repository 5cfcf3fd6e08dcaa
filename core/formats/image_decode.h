// From a file to a picture.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "formats/image.h"
#include "formats/image_header.h"

namespace trefoil::formats {

// Whatever is stored comes out as 8-bit RGB: grey three times, palettes looked up, alpha dropped and the colour under
// it kept, of 16 bits the upper 8. EXIF orientation is ignored, as by Pillow's Image.open. Throws BadImage.
Image decode(std::string_view bytes);

// The bytes of a regular file of at most 1 GiB. Pipes and devices are refused unopened, for opening one may wait
// forever. Throws BadImage.
std::string read_image_file(const std::filesystem::path& path);

}  // namespace trefoil::formats
