// PictureStream: an endless stream of new images and captions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "features/pixels.h"
#include "trefoil/tensor.h"
#include "world/kind.h"
#include "world/scene.h"

namespace trefoil::demo {

struct Batch {
  torch::Tensor pixels;               // [n, 3, R, R]
  std::vector<std::string> captions;  // n
  std::vector<Kind> kinds;            // n
};

class PictureStream {
 public:
  // Images of these kinds, all equally often, in random order, with R = `resolution` pixels per side. The number of
  // threads does not change them.
  PictureStream(std::vector<Kind> kinds, const Conditions& conditions, std::int64_t resolution, std::uint64_t seed,
                int threads);

  // A batch contains no kind twice, unless it is larger than the number of kinds.
  Batch next(std::int64_t size);

 private:
  const Kind& next_kind();

  std::vector<Kind> kinds_;
  Conditions conditions_;
  std::int64_t resolution_;
  features::PixelWriter writer_;
  Random random_;
  int threads_;
  std::size_t position_ = 0;
};

}  // namespace trefoil::demo
