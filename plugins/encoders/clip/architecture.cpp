#include "architecture.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace clip {

namespace {

constexpr std::int64_t kResidualStride = 32;     // pixels per position of a ResNet's last feature map
constexpr std::int64_t kResidualExpansion = 32;  // channels of that map, divided by channels of the stem

std::string counted(std::int64_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// `usual` returns the number of heads of the family at this width.
template <typename Usual>
Sourced<std::int64_t> heads_of(std::int64_t width, const std::optional<Sourced<std::int64_t>>& configured, Usual usual,
                               const std::string& what) {
  if (configured) {
    if (width % configured->value == 0) return *configured;
    throw std::runtime_error("the width of the " + what + ", " + std::to_string(width) +
                             ", is not a multiple of its number of attention heads, " +
                             std::to_string(configured->value) + " (" + configured->source + ")");
  }
  if (const std::optional<std::int64_t> heads = usual(width)) return {*heads, "usual at this width"};
  throw std::runtime_error("the number of attention heads of the " + what + " of width " + std::to_string(width) +
                           " is not known, and the shapes of the weights do not show it: put config.json or "
                           "open_clip_config.json of the model beside the weights (encoder.heads sets the number of "
                           "the image encoder)");
}

// Returns the side of a square of so many positions. With `extra`, one more position belongs to the class token or the
// mean.
std::int64_t side_of(std::int64_t positions, std::int64_t extra) {
  const std::int64_t places = positions - extra;
  const auto side =
      static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(std::max<std::int64_t>(places, 0)))));
  if (side < 1 || side * side != places) {
    throw std::runtime_error("the image's positional embedding has " + std::to_string(positions) +
                             " rows, which is not a square number" + (extra > 0 ? " plus one" : ""));
  }
  return side;
}

// The configuration states the resolution. It matters if patches do not fill the image: So400m has 27 patches of 14
// pixels in 384 pixels.
std::int64_t resolution_of(const VisionSizes& sizes, const std::optional<Sourced<std::int64_t>>& configured) {
  if (!configured) return sizes.grid * sizes.patch;
  if (configured->value / sizes.patch == sizes.grid) return configured->value;
  throw std::runtime_error("images of " + std::to_string(configured->value) + " pixels (" + configured->source +
                           ") have patches of " + std::to_string(sizes.patch) + " pixels in rows of " +
                           std::to_string(configured->value / sizes.patch) +
                           ", but the weights have positions for rows of " + std::to_string(sizes.grid) +
                           ": use weights and configuration of one model");
}

TransformerSizes transformer_sizes(const Weights& weights, const std::string& prefix, std::int64_t width,
                                   std::int64_t heads) {
  const std::string first_mlp = prefix + "transformer.resblocks.0.mlp.c_fc.weight";
  const std::int64_t mlp_width = weights.has(first_mlp) ? weights.size(first_mlp, 0) : 4 * width;
  return {width, weights.count(prefix + "transformer.resblocks.", ".ln_1.weight"), heads, mlp_width};
}

VisionKind kind_of(const Weights& weights) {
  if (weights.has("visual.pool.probe")) return VisionKind::pooling_head;
  return weights.has("visual.attnpool.positional_embedding") ? VisionKind::residual_network : VisionKind::class_token;
}

VisionSizes vit_sizes(const Weights& weights, VisionKind kind, const ModelSettings& settings, std::int64_t heads) {
  VisionSizes sizes;
  sizes.kind = kind;
  sizes.patch = weights.size("visual.conv1.weight", 3);
  sizes.grid = side_of(weights.size("visual.positional_embedding", 0), kind == VisionKind::class_token ? 1 : 0);
  sizes.resolution = resolution_of(sizes, settings.resolution);
  sizes.transformer = transformer_sizes(weights, "visual.", weights.size("visual.conv1.weight", 0), heads);
  return sizes;
}

VisionSizes residual_sizes(const Weights& weights) {
  VisionSizes sizes;
  sizes.kind = VisionKind::residual_network;
  for (std::size_t stage = 0; stage < sizes.blocks.size(); ++stage) {
    sizes.blocks.at(stage) = weights.count("visual.layer" + std::to_string(stage + 1) + ".", ".conv1.weight");
  }
  sizes.base_width = weights.size("visual.layer1.0.conv1.weight", 0);
  sizes.grid = side_of(weights.size("visual.attnpool.positional_embedding", 0), 1);
  sizes.resolution = sizes.grid * kResidualStride;
  const std::int64_t width = sizes.base_width * kResidualExpansion;
  sizes.transformer = {width, 1, heads_of(width, std::nullopt, clip_family().text_heads, "attention pooling").value,
                       4 * width};
  return sizes;
}

}  // namespace

std::string Architecture::description() const {
  std::string words = std::string(family.name) + ", ";
  if (vision.kind == VisionKind::residual_network) {
    words += "ModifiedResNet, " + std::to_string(vision.base_width) + " channels, stages of";
    for (const std::int64_t count : vision.blocks) words += " " + std::to_string(count);
  } else {
    words += "ViT, " + counted(vision.transformer.layers, "layer") + " of width " +
             std::to_string(vision.transformer.width) + ", " + counted(vision.transformer.heads, "head") + " (" +
             heads_source + "), patches of " + std::to_string(vision.patch) + " pixels";
  }
  return words + ", R = " + std::to_string(vision.resolution) + ", D = " + std::to_string(width);
}

Architecture read_architecture(const Weights& weights, const ModelSettings& settings) {
  const VisionKind kind = kind_of(weights);
  Architecture sizes;
  sizes.family = kind == VisionKind::pooling_head ? siglip_family() : clip_family();
  sizes.width = weights.size("text_projection", 1);
  sizes.text.context = weights.size("positional_embedding", 0);
  sizes.text.vocabulary = weights.size("token_embedding.weight", 0);
  const std::int64_t text_width = weights.size("token_embedding.weight", 1);
  const auto text_heads = heads_of(text_width, settings.text_heads, sizes.family.text_heads, "text transformer");
  sizes.text.transformer = transformer_sizes(weights, "", text_width, text_heads.value);
  if (kind == VisionKind::residual_network) {
    sizes.vision = residual_sizes(weights);
    return sizes;
  }
  const std::int64_t width = weights.size("visual.conv1.weight", 0);
  const auto heads = heads_of(width, settings.vision_heads, sizes.family.image_heads, "image transformer");
  sizes.vision = vit_sizes(weights, kind, settings, heads.value);
  sizes.heads_source = heads.source;
  return sizes;
}

}  // namespace clip
