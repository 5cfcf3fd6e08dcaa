// Architecture: the family and the sizes of a model. They are read from the names and shapes of its weights, and the
// numbers of attention heads from its configuration.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "family.h"
#include "model_settings.h"
#include "weights.h"

namespace clip {

// A stack of residual attention blocks.
struct TransformerSizes {
  std::int64_t width = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t mlp_width = 0;  // of the hidden layer between two blocks of attention
};

// How an image becomes one feature.
enum class VisionKind {
  class_token,      // ViT with a class token
  pooling_head,     // ViT with pooling by attention
  residual_network  // ModifiedResNet
};

// For a ViT, `transformer` and `patch` are set. For a ModifiedResNet, `transformer`, `blocks` and `base_width` are set.
struct VisionSizes {
  VisionKind kind = VisionKind::class_token;
  std::int64_t resolution = 0;  // R, side of the image in pixels
  std::int64_t grid = 0;        // positions along a side: patches, or places of the last feature map
  TransformerSizes transformer;
  std::int64_t patch = 0;                // side of a patch in pixels
  std::array<std::int64_t, 4> blocks{};  // bottlenecks in each stage
  std::int64_t base_width = 0;           // channels of the stem
};

struct TextSizes {
  TransformerSizes transformer;
  std::int64_t context = 0;     // tokens in a text
  std::int64_t vocabulary = 0;  // rows of the token embedding
};

struct Architecture {
  Family family = clip_family();
  std::int64_t width = 0;  // D, width of the features
  VisionSizes vision;
  TextSizes text;

  // Where the number of heads of the image encoder comes from: "config.json".
  std::string heads_source;

  // Returns a text for the log: "CLIP, ViT, 12 layers of width 768, 12 heads (config.json), patches of 32 pixels, R =
  // 224, D = 512".
  std::string description() const;
};

// Without a configured number of heads, the family decides (family.h). Throws std::runtime_error if the shapes do not
// fit a model of the family, or if the number of heads cannot be known.
Architecture read_architecture(const Weights& weights, const ModelSettings& settings);

}  // namespace clip
