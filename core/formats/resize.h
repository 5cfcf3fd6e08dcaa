// Scaling pictures exactly as Pillow does.
#pragma once

#include "formats/image.h"

namespace trefoil::formats {

// The pixels in `window` of what Pillow's source.crop(box).resize(output, BICUBIC) gives, to the bit. No pixel outside
// `box` has any influence. Work and memory grow with the window and the part of the box that it shows, not with
// `output`; a row of that part takes 144 bytes a pixel for a while. Throws std::invalid_argument unless `box` lies in
// the source, `window` in the output, and neither is empty.
Image resize(const Image& source, const Box& box, Size output, const Box& window);

}  // namespace trefoil::formats
