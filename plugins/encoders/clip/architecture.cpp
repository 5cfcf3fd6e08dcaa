#include "architecture.h"

#include <cmath>
#include <stdexcept>

#include "fused_attention.h"

namespace clip {

namespace {

constexpr std::int64_t kResidualStride = 32;     // pixels per position of a ResNet's last feature map
constexpr std::int64_t kResidualExpansion = 32;  // channels of that map, divided by channels of the stem

std::string counted(std::int64_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

constexpr const char* kHeadsCure =
    ": put config.json or open_clip_config.json of the model beside the weights, or set encoder.heads";

// Widths of image encoders whose heads do not have 64 channels: ViT-H/14 has 16 heads of 80, ViT-g/14 16 heads of 88,
// ViT-bigG/14 16 heads of 104.
bool has_wide_heads(std::int64_t width) { return width == 1280 || width == 1408 || width == 1664; }

Sourced<std::int64_t> heads_of(std::int64_t width, const std::optional<Sourced<std::int64_t>>& configured,
                               const char* what) {
  if (configured) {
    if (width % configured->value == 0) return *configured;
    throw std::runtime_error("the width of the " + std::string(what) + ", " + std::to_string(width) +
                             ", is not a multiple of its number of attention heads, " +
                             std::to_string(configured->value) + " (" + configured->source + ")");
  }
  if (width < kHeadWidth || width % kHeadWidth != 0) {
    throw std::runtime_error("the width of the " + std::string(what) + ", " + std::to_string(width) +
                             ", is not a multiple of 64, the width of most attention heads" + kHeadsCure);
  }
  return {width / kHeadWidth, "heads of 64 channels"};
}

Sourced<std::int64_t> vision_heads_of(std::int64_t width, const ModelSettings& settings) {
  if (!settings.vision_heads && has_wide_heads(width)) {
    throw std::runtime_error(
        "the shapes of the weights do not show the number of attention heads, and image encoders "
        "of width " +
        std::to_string(width) + " do not have heads of 64 channels" + kHeadsCure);
  }
  return heads_of(width, settings.vision_heads, "image transformer");
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
                                   std::int64_t heads) {
  const std::string first_mlp = prefix + "transformer.resblocks.0.mlp.c_fc.weight";
  const std::int64_t mlp_width = weights.has(first_mlp) ? weights.size(first_mlp, 0) : 4 * width;
  return {width, weights.count(prefix + "transformer.resblocks.", ".ln_1.weight"), heads, mlp_width};
}

VisionSizes vit_sizes(const Weights& weights, std::int64_t heads) {
  VisionSizes sizes;
  sizes.patch = weights.size("visual.conv1.weight", 3);
  sizes.grid = side_of(weights.size("visual.positional_embedding", 0));
  sizes.resolution = sizes.grid * sizes.patch;
  sizes.transformer = transformer_sizes(weights, "visual.", weights.size("visual.conv1.weight", 0), heads);
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
  sizes.transformer = {width, 1, heads_of(width, std::nullopt, "attention pooling").value, 4 * width};
  return sizes;
}

}  // namespace

std::string Architecture::description() const {
  std::string words;
  if (vision.residual_network) {
    words = "ModifiedResNet, " + std::to_string(vision.base_width) + " channels, stages of";
    for (const std::int64_t count : vision.blocks) words += " " + std::to_string(count);
  } else {
    words = "ViT, " + counted(vision.transformer.layers, "layer") + " of width " +
            std::to_string(vision.transformer.width) + ", " + counted(vision.transformer.heads, "head") + " (" +
            heads_source + "), patches of " + std::to_string(vision.patch) + " pixels";
  }
  return words + ", R = " + std::to_string(vision.resolution) + ", D = " + std::to_string(width);
}

Architecture read_architecture(const Weights& weights, const ModelSettings& settings) {
  Architecture sizes;
  sizes.width = weights.size("text_projection", 1);
  sizes.text.context = weights.size("positional_embedding", 0);
  sizes.text.vocabulary = weights.size("token_embedding.weight", 0);
  const std::int64_t text_width = weights.size("token_embedding.weight", 1);
  sizes.text.transformer =
      transformer_sizes(weights, "", text_width, heads_of(text_width, settings.text_heads, "text transformer").value);
  if (weights.has("visual.attnpool.positional_embedding")) {
    sizes.vision = residual_sizes(weights);
    return sizes;
  }
  const Sourced<std::int64_t> heads = vision_heads_of(weights.size("visual.conv1.weight", 0), settings);
  sizes.vision = vit_sizes(weights, heads.value);
  sizes.heads_source = heads.source;
  return sizes;
}

}  // namespace clip
