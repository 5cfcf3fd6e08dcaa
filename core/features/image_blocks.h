// The two passes over image files: looking at them, and making pixels of them. Each handles one block, and may run
// beside others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "features/pixels.h"
#include "trefoil/encoder.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

// How an image is shown to the encoder: whole, or as the average of `count` random views (choose_view in
// images/view.h).
struct Views {
  std::int64_t count = 0;
  std::uint64_t seed = 0;  // with the image's content it decides the views: order, threads and names do not
};

// What is known of a file that was not decoded.
struct ScannedImage {
  base::Digest content{};  // SHA-256 of the file
  base::Digest item{};     // and of what it is shown as: what its feature is stored under
  std::string problem;     // why it is of no use; empty when nothing is known against it
};

ScannedImage scan_image(const std::filesystem::path& file, const Views& views);

// The images of a block that could be decoded, as pixels.
struct PixelBlock {
  std::vector<base::Digest> items;    // m of them
  torch::Tensor pixels;               // [m·max(1, views), 3, R, R] float32, the views of an image next to each other
  std::vector<std::string> problems;  // "FILE: why", for those that could not
};

PixelBlock read_pixels(const std::vector<std::filesystem::path>& files, const Views& views, const PixelFormat& format,
                       const PixelWriter& writer);

}  // namespace trefoil::features
