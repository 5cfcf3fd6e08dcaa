// The two passes over image files: scanning them, and turning them into pixels. Several threads may call these
// functions at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "features/pixels.h"
#include "formats/image_decode.h"
#include "trefoil/encoder.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

// How the feature of an image is computed: from the whole image (count = 0), or as the mean over `count` random views
// (choose_view in formats/view.h).
struct Views {
  std::int64_t count = 0;
  std::uint64_t seed = 0;  // only the seed and the content of the image decide the views
};

// Facts about an image file that was not decoded.
struct ScannedImage {
  base::Digest content{};  // SHA-256 of the file
  base::Digest item{};     // SHA-256 of the content and the views; the store finds the feature by it
  std::string problem;     // the reason why it cannot be used; empty when no problem was found
};

ScannedImage scan_image(const std::filesystem::path& file, const Views& views);

// The images of a block that could be decoded, as pixels.
struct PixelBlock {
  std::vector<base::Digest> items;    // [m]
  torch::Tensor pixels;               // [m·max(1, views), 3, R, R] float32, the views of an image next to each other
  std::vector<std::string> problems;  // "FILE: reason", for each image that could not be decoded
};

// `decode` is for whole images. Random views are always exact, because their places are chosen in all pixels.
PixelBlock read_pixels(const std::vector<std::filesystem::path>& files, const Views& views, const PixelFormat& format,
                       formats::Decode decode, const PixelWriter& writer);

}  // namespace trefoil::features
