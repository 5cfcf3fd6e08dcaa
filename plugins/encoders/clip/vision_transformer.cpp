#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>

#include "patch_embedding.h"
#include "transformer.h"
#include "vision.h"

namespace clip {

namespace {

class VisionTransformer final : public VisionTower {
 public:
  VisionTransformer(Weights& weights, const Architecture& sizes, const Compute& compute)
      : width_(sizes.vision.transformer.width),
        patches_(weights, sizes.vision, compute),
        class_embedding_(compute.place(weights.take("visual.class_embedding", {width_}))),
        positions_(compute.place(
            weights.take("visual.positional_embedding", {sizes.vision.grid * sizes.vision.grid + 1, width_}))),
        norm_before_(weights, "visual.ln_pre", width_, compute),
        transformer_(weights, "visual.", sizes.vision.transformer, Mask::none, compute),
        norm_after_(weights, "visual.ln_post", width_, compute),
        projection_(weights.take("visual.proj", {width_, sizes.width}).t(), {}, compute.exact()) {}

  torch::Tensor operator()(const torch::Tensor& pixels) const override {
    const std::int64_t images = pixels.size(0);
    const std::int64_t positions = positions_.size(0);
    const torch::Tensor tokens =
        torch::cat({class_embedding_.expand({images, 1, width_}), patches_(pixels)}, 1).add_(positions_);
    const torch::Tensor class_rows =
        torch::arange(images, torch::TensorOptions().dtype(torch::kLong).device(pixels.device())) * positions;
    return projection_(
        norm_after_(transformer_(norm_before_(tokens.view({images * positions, width_})), images, class_rows)));
  }

 private:
  std::int64_t width_;
  PatchEmbedding patches_;
  torch::Tensor class_embedding_;  // [width]
  torch::Tensor positions_;        // [grid² + 1, width]
  LayerNorm norm_before_;
  Transformer transformer_;
  LayerNorm norm_after_;
  Linear projection_;
};

}  // namespace

std::unique_ptr<VisionTower> make_vision_transformer(Weights& weights, const Architecture& sizes,
                                                     const Compute& compute) {
  return std::make_unique<VisionTransformer>(weights, sizes, compute);
}

}  // namespace clip
