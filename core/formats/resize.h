// Scales images exactly as Pillow does.
#pragma once

#include "formats/image.h"
#include "trefoil/pixel_format.h"

namespace trefoil::formats {

// Returns the part `window` of the image source.crop(box).resize(output, interpolation) of Pillow, bitwise equal.
// Pixels outside `box` have no influence. Time and memory depend on the window and on the part of the box that it
// shows, not on `output`. A temporary buffer takes 144 bytes for each pixel of one row of that part. Throws
// std::invalid_argument unless `box` is inside the source, `window` is inside the output, and neither is empty.
Image resize(const Image& source, const Box& box, Size output, const Box& window,
             Interpolation interpolation = Interpolation::bicubic);

}  // namespace trefoil::formats
