// Turns 8-bit images into the input of an encoder.
#pragma once

#include <array>

#include "formats/image.h"
#include "trefoil/encoder.h"

namespace trefoil::features {

class PixelWriter {
 public:
  explicit PixelWriter(const PixelFormat& format);

  // Writes 3·R·R floats for an image of R × R pixels, channel after channel. Each is (value / 255 − mean) / deviation,
  // rounded as torchvision's ToTensor and Normalize do.
  void write(const formats::Image& image, float* target) const;

 private:
  std::array<std::array<float, 256>, 3> value_{};  // for each channel and each 8-bit value
};

}  // namespace trefoil::features
