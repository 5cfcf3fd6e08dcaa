// PictureStream: pictures and captions without end, a new one each time.
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
  // Of these kinds, each as often as every other, in random order, R = `resolution` pixels a side.
  // Drawn by so many threads, which makes no difference.
  PictureStream(std::vector<Kind> kinds, const Conditions& conditions, std::int64_t resolution, std::uint64_t seed,
                int threads);

  // No kind is twice in a batch, as long as it is not larger than there are kinds.
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
