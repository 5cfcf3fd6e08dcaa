#include "patch_embedding.h"
#include "pooling_head.h"
#include "transformer.h"
#include "vision.h"

namespace clip {

namespace {

class SiglipVision final : public VisionTower {
 public:
  SiglipVision(Weights& weights, const Architecture& sizes, const Compute& compute)
      : width_(sizes.vision.transformer.width),
        patches_(weights, sizes.vision, compute),
        positions_(compute.place(
            weights.take("visual.positional_embedding", {sizes.vision.grid * sizes.vision.grid, width_}))),
        transformer_(weights, "visual.", sizes.vision.transformer, Mask::none, compute),
        norm_after_(weights, "visual.ln_post", width_, compute),
        pool_(weights, sizes.vision.transformer, compute.exact()) {}

  torch::Tensor operator()(const torch::Tensor& pixels) const override {
    const std::int64_t images = pixels.size(0);
    const torch::Tensor tokens = patches_(pixels).add_(positions_).view({-1, width_});
    return pool_(norm_after_(transformer_.all_rows(tokens, images)), images);
  }

 private:
  std::int64_t width_;
  PatchEmbedding patches_;
  torch::Tensor positions_;  // [grid², width]
  Transformer transformer_;
  LayerNorm norm_after_;
  PoolingHead pool_;
};

}  // namespace

std::unique_ptr<VisionTower> make_siglip_vision(Weights& weights, const Architecture& sizes, const Compute& compute) {
  return std::make_unique<SiglipVision>(weights, sizes, compute);
}

}  // namespace clip
