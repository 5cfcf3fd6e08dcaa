// Reads the first frame of a GIF file.
#pragma once

#include <string_view>

#include "formats/image.h"
#include "formats/image_header.h"

namespace trefoil::formats {

// Throws BadImage unless the first frame is complete. Later frames are not looked at.
Header read_gif_header(std::string_view file);

// Returns what Pillow's Image.open(file).convert("RGB") returns: where the frame has no pixels, the colour is that of
// the transparent palette entry, or else of entry 0; the background colour of the file is not used. Throws BadImage.
Image decode_gif(std::string_view file);

}  // namespace trefoil::formats
