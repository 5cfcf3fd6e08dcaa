// The parts of images that an encoder gets.
#pragma once

#include <cstdint>

#include "formats/image.h"
#include "trefoil/pixel_format.h"

namespace trefoil::formats {

// Resizes the short side to `side` pixels and returns the middle side x side pixels. This is CLIP's preprocessing
// (`preprocess` of clip.load) without the normalisation.
Image clip_crop(const Image& image, std::int64_t side, Interpolation interpolation = Interpolation::bicubic);

// Returns the whole image as a square of the format's resolution, with its framing and interpolation.
Image whole_view(const Image& image, const PixelFormat& format);

struct View {
  Box box;
  bool mirrored = false;  // left to right
};

// Draws a view as torchvision's RandomResizedCrop(scale=(0.5, 1), ratio=(3/4, 4/3)) and RandomHorizontalFlip do. The
// result depends only on the image size and the seed, and is equal on every machine.
View choose_view(Size image, std::uint64_t seed);

// Returns the view that choose_view draws, resized to side x side pixels.
Image random_view(const Image& image, std::int64_t side, std::uint64_t seed,
                  Interpolation interpolation = Interpolation::bicubic);

}  // namespace trefoil::formats
