// The parts of pictures that an encoder is shown.
#pragma once

#include <cstdint>

#include "formats/image.h"

namespace trefoil::formats {

// CLIP's preprocessing (clip.load's `preprocess` up to the normalisation): the short side resized to `side`, then the
// middle side x side pixels.
Image clip_crop(const Image& image, std::int64_t side);

struct View {
  Box box;
  bool mirrored = false;  // left to right
};

// What torchvision's RandomResizedCrop(scale=(0.5, 1), ratio=(3/4, 4/3)) and RandomHorizontalFlip draw for an image of
// this size, from random numbers that the seed alone decides, on any machine.
View choose_view(Size image, std::uint64_t seed);

// The chosen view, resized to side x side.
Image random_view(const Image& image, std::int64_t side, std::uint64_t seed);

}  // namespace trefoil::formats
