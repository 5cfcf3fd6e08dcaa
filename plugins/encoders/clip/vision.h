// The image encoders: one interface for the kinds of ViT and for ResNet.
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

  // Returns features [n, D] of pixels [n, 3, R, R], which have the compute dtype and are on its device. Safe to call
  // from several threads.
  virtual torch::Tensor operator()(const torch::Tensor& pixels) const = 0;
};

// Makes a ViT (Dosovitskiy et al., ICLR 2021) with CLIP's additional normalisation before the first block.
std::unique_ptr<VisionTower> make_vision_transformer(Weights& weights, const Architecture& sizes,
                                                     const Compute& compute);

// Makes SigLIP's ViT: without class token, and with pooling by attention (pooling_head.h).
std::unique_ptr<VisionTower> make_siglip_vision(Weights& weights, const Architecture& sizes, const Compute& compute);

// Makes CLIP's ResNet: a stem of three convolutions, average pooling instead of strides of 2, and attention pooling at
// the end.
std::unique_ptr<VisionTower> make_modified_resnet(Weights& weights, const Architecture& sizes, const Compute& compute);

// Makes the image encoder of the architecture.
std::unique_ptr<VisionTower> make_vision_tower(Weights& weights, const Architecture& sizes, const Compute& compute);

}  // namespace clip
