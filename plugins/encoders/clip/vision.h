// The image towers: one interface, two families.
#pragma once

#include <memory>

#include "architecture.h"
#include "compute.h"
#include "weights.h"

namespace clip {

class VisionTower {
 public:
  VisionTower() = default;
  VisionTower(const VisionTower&) = delete;
  VisionTower& operator=(const VisionTower&) = delete;
  virtual ~VisionTower() = default;

  // pixels [n, 3, R, R] of the compute type, on its device -> [n, D]. Const and safe to call from several threads.
  virtual torch::Tensor operator()(const torch::Tensor& pixels) const = 0;
};

// ViT (Dosovitskiy et al., ICLR 2021) with CLIP's extra normalisation before the first block.
std::unique_ptr<VisionTower> make_vision_transformer(Weights& weights, const Architecture& sizes,
                                                     const Compute& compute);

// CLIP's ResNet: a stem of three convolutions, average pooling where the stride is 2, attention pooling in the end.
std::unique_ptr<VisionTower> make_modified_resnet(Weights& weights, const Architecture& sizes, const Compute& compute);

}  // namespace clip
