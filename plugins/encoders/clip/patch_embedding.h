// PatchEmbedding: the first layer of a ViT (Dosovitskiy et al., ICLR 2021).
#pragma once

#include "architecture.h"
#include "compute.h"
#include "linear.h"
#include "weights.h"

namespace clip {

class PatchEmbedding {
 public:
  // Takes visual.conv1.weight, and visual.conv1.bias if the weights have it.
  PatchEmbedding(Weights& weights, const VisionSizes& sizes, const Compute& compute);

  // Returns the embedded patches [n, grid², width] of pixels [n, 3, R, R], row after row. Pixels on the right and at
  // the bottom that do not fill a patch are not used.
  torch::Tensor operator()(const torch::Tensor& pixels) const;

 private:
  std::int64_t grid_;
  std::int64_t patch_;
  std::int64_t width_;
  Linear layer_;
};

}  // namespace clip
