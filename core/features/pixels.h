// From 8-bit pictures to the numbers that an encoder takes.
#pragma once

#include <array>

#include "formats/image.h"
#include "trefoil/encoder.h"

namespace trefoil::features {

class PixelWriter {
 public:
  explicit PixelWriter(const PixelFormat& format);

  // An R × R picture -> 3·R·R floats, channel after channel, each (value / 255 − mean) / deviation, rounded as
  // torchvision's ToTensor and Normalize round it.
  void write(const formats::Image& image, float* target) const;

 private:
  std::array<std::array<float, 256>, 3> value_{};  // of each channel and level
};

}  // namespace trefoil::features
