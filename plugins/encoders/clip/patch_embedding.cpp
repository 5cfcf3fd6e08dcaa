#include "patch_embedding.h"

namespace clip {

namespace {

Linear make_layer(Weights& weights, std::int64_t width, std::int64_t patch, const Compute& compute) {
  const torch::Tensor weight = weights.take("visual.conv1.weight", {width, 3, patch, patch}).flatten(1);
  const bool has_bias = weights.has("visual.conv1.bias");
  return {weight, has_bias ? weights.take("visual.conv1.bias", {width}) : torch::Tensor(), compute};
}

}  // namespace

PatchEmbedding::PatchEmbedding(Weights& weights, const VisionSizes& sizes, const Compute& compute)
    : grid_(sizes.grid),
      patch_(sizes.patch),
      width_(sizes.transformer.width),
      layer_(make_layer(weights, width_, patch_, compute)) {}

torch::Tensor PatchEmbedding::operator()(const torch::Tensor& pixels) const {
  const std::int64_t images = pixels.size(0);
  const std::int64_t side = grid_ * patch_;
  // A convolution with a stride equal to its size is a matrix product with the patches [n·grid², 3·patch²].
  const torch::Tensor patches = pixels.narrow(2, 0, side)
                                    .narrow(3, 0, side)
                                    .reshape({images, 3, grid_, patch_, grid_, patch_})
                                    .permute({0, 2, 4, 1, 3, 5})
                                    .reshape({images * grid_ * grid_, 3 * patch_ * patch_});
  return layer_(patches).view({images, grid_ * grid_, width_});
}

}  // namespace clip
