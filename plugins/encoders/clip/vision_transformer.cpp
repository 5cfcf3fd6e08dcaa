#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>

#include "transformer.h"
#include "vision.h"

namespace clip {

namespace {

class VisionTransformer final : public VisionTower {
 public:
  VisionTransformer(Weights& weights, const Architecture& sizes, const Compute& compute)
      : grid_(sizes.vision.grid),
        patch_(sizes.vision.patch),
        width_(sizes.vision.transformer.width),
        patch_embedding_(weights.take("visual.conv1.weight", {width_, 3, patch_, patch_}).flatten(1), {}, compute),
        class_embedding_(compute.place(weights.take("visual.class_embedding", {width_}))),
        positions_(compute.place(weights.take("visual.positional_embedding", {grid_ * grid_ + 1, width_}))),
        norm_before_(weights, "visual.ln_pre", width_, compute),
        transformer_(weights, "visual.", sizes.vision.transformer, Mask::none, compute),
        norm_after_(weights, "visual.ln_post", width_, compute),
        projection_(weights.take("visual.proj", {width_, sizes.width}).t(), {}, compute) {}

  torch::Tensor operator()(const torch::Tensor& pixels) const override {
    const std::int64_t images = pixels.size(0);
    const std::int64_t positions = grid_ * grid_ + 1;
    const torch::Tensor patches = patch_embedding_(patches_of(pixels)).view({images, grid_ * grid_, width_});
    const torch::Tensor tokens =
        torch::cat({class_embedding_.expand({images, 1, width_}), patches}, 1).add_(positions_);
    const torch::Tensor class_rows =
        torch::arange(images, torch::TensorOptions().dtype(torch::kLong).device(pixels.device())) * positions;
    return projection_(
        norm_after_(transformer_(norm_before_(tokens.view({images * positions, width_})), images, class_rows)));
  }

 private:
  // Returns the patches as rows: [n, 3, R, R] -> [n·grid², 3·patch²]. A convolution with a stride equal to its size is
  // a matrix product with these rows.
  torch::Tensor patches_of(const torch::Tensor& pixels) const {
    return pixels.view({pixels.size(0), 3, grid_, patch_, grid_, patch_})
        .permute({0, 2, 4, 1, 3, 5})
        .reshape({pixels.size(0) * grid_ * grid_, 3 * patch_ * patch_});
  }

  std::int64_t grid_;
  std::int64_t patch_;
  std::int64_t width_;
  Linear patch_embedding_;
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
