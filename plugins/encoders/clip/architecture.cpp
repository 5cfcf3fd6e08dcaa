#include "architecture.h"

#include <cmath>
#include <stdexcept>

#include "fused_attention.h"

namespace clip {

namespace {

constexpr std::int64_t kResidualStride = 32;     // pixels per position of a ResNet's last feature map
constexpr std::int64_t kResidualExpansion = 32;  // channels of that map, divided by channels of the stem

std::int64_t heads_of(std::int64_t width, const char* what) {
  if (width < kHeadWidth || width % kHeadWidth != 0) {
    throw std::runtime_error(std::string("the width of the ") + what + ", " + std::to_string(width) +
                             ", is not a multiple of 64, the width of an attention head in every CLIP model");
  }
  return width / kHeadWidth;
}

// Returns the side of a square of `positions` − 1 places. The first position belongs to the class token or the mean.
std::int64_t side_of(std::int64_t positions) {
  const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(positions - 1))));
  if (side < 1 || side * side + 1 != positions) {
    throw std::runtime_error("the image's positional embedding has " + std::to_string(positions) +
                             " rows, which is not a square number plus one");
  }
  return side;
}

TransformerSizes transformer_sizes(const Weights& weights, const std::string& prefix, std::int64_t width,
                                   const char* what) {
  return {width, weights.count(prefix + "transformer.resblocks.", ".ln_1.weight"), heads_of(width, what)};
}

VisionSizes vit_sizes(const Weights& weights) {
  VisionSizes sizes;
  sizes.patch = weights.size("visual.conv1.weight", 3);
  sizes.grid = side_of(weights.size("visual.positional_embedding", 0));
  sizes.resolution = sizes.grid * sizes.patch;
  sizes.transformer =
      transformer_sizes(weights, "visual.", weights.size("visual.conv1.weight", 0), "image transformer");
  return sizes;
}

VisionSizes residual_sizes(const Weights& weights) {
  VisionSizes sizes;
  sizes.residual_network = true;
  for (std::size_t stage = 0; stage < sizes.blocks.size(); ++stage) {
    sizes.blocks.at(stage) = weights.count("visual.layer" + std::to_string(stage + 1) + ".", ".conv1.weight");
  }
  sizes.base_width = weights.size("visual.layer1.0.conv1.weight", 0);
  sizes.grid = side_of(weights.size("visual.attnpool.positional_embedding", 0));
  sizes.resolution = sizes.grid * kResidualStride;
  const std::int64_t width = sizes.base_width * kResidualExpansion;
  sizes.transformer = {width, 1, heads_of(width, "attention pooling")};
  return sizes;
}

}  // namespace

std::string Architecture::description() const {
  std::string words;
  if (vision.residual_network) {
    words = "ModifiedResNet, " + std::to_string(vision.base_width) + " channels, stages of";
    for (const std::int64_t count : vision.blocks) words += " " + std::to_string(count);
  } else {
    words = "ViT, " + std::to_string(vision.transformer.layers) + " layers of width " +
            std::to_string(vision.transformer.width) + ", patches of " + std::to_string(vision.patch) + " pixels";
  }
  return words + ", R = " + std::to_string(vision.resolution) + ", D = " + std::to_string(width);
}

Architecture read_architecture(const Weights& weights) {
  Architecture sizes;
  sizes.width = weights.size("text_projection", 1);
  sizes.text.context = weights.size("positional_embedding", 0);
  sizes.text.vocabulary = weights.size("token_embedding.weight", 0);
  sizes.text.transformer =
      transformer_sizes(weights, "", weights.size("token_embedding.weight", 1), "text transformer");
  sizes.vision = weights.has("visual.attnpool.positional_embedding") ? residual_sizes(weights) : vit_sizes(weights);
  return sizes;
}

}  // namespace clip
