#include "vision.h"

namespace clip {

std::unique_ptr<VisionTower> make_vision_tower(Weights& weights, const Architecture& sizes, const Compute& compute) {
  switch (sizes.vision.kind) {
    case VisionKind::residual_network:
      return make_modified_resnet(weights, sizes, compute);
    case VisionKind::pooling_head:
      return make_siglip_vision(weights, sizes, compute);
    case VisionKind::class_token:
      break;
  }
  return make_vision_transformer(weights, sizes, compute);
}

}  // namespace clip
