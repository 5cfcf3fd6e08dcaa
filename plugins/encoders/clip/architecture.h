// Architecture: the sizes of a CLIP model. They are read from the shapes of its weights, not from a name.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "weights.h"

namespace clip {

// A stack of residual attention blocks.
struct TransformerSizes {
  std::int64_t width = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;  // each has 64 channels, as in every model of the paper
};

// For a ViT, `transformer` and `patch` are set. For a ModifiedResNet, `transformer`, `blocks` and `base_width` are set.
struct VisionSizes {
  bool residual_network = false;
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
  std::int64_t width = 0;  // D, width of the features
  VisionSizes vision;
  TextSizes text;

  // Returns a text for the log: "ViT, 12 layers of width 768, patches of 32 pixels, R = 224, D = 512".
  std::string description() const;
};

// Throws std::runtime_error if the shapes do not fit a CLIP model.
Architecture read_architecture(const Weights& weights);

}  // namespace clip
