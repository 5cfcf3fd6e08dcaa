/// @file
/// PixelFormat: the images that an encoder gets from the host.
#pragma once

#include <array>
#include <cstdint>

namespace trefoil {

/// How a square is made of a whole image.
enum class Framing {
  crop,   ///< the short side is scaled to the side of the square, and the middle is cut out
  squash  ///< both sides are scaled to the side of the square, so the aspect ratio changes
};

/// The filter that scales images. Both are those of Pillow, which widen when an image becomes smaller.
enum class Interpolation { bicubic, bilinear };

/// The format of an encoder's input images: squares of `resolution` pixels, RGB. A pixel value v in 0 to 255 becomes
/// (v / 255 − mean) / deviation. The defaults are those of CLIP. An augmented view is a random part of
/// an image, and is always squashed.
struct PixelFormat {
  std::int64_t resolution = 224;                                       ///< R, side in pixels; above 0
  std::array<float, 3> mean = {0.48145466F, 0.4578275F, 0.40821073F};  ///< of red, green and blue, each in 0 to 1
  std::array<float, 3> deviation = {0.26862954F, 0.26130258F,
                                    0.27577711F};        ///< standard deviation of red, green and blue; above 0
  Framing framing = Framing::crop;                       ///< of whole images
  Interpolation interpolation = Interpolation::bicubic;  ///< of whole images and of augmented views
};

}  // namespace trefoil
