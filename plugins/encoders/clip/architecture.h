// Architecture: the sizes of a CLIP model, read from the shapes of its weights and never from a name.
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
  std::int64_t heads = 0;  // of 64 channels each, as in every model of the paper
};

// ViT: `transformer` and `patch` are set. ModifiedResNet: `blocks` and `base_width` are.
struct VisionSizes {
  bool residual_network = false;
  std::int64_t resolution = 0;  // R, side of the image in pixels
  std::int64_t grid = 0;        // positions along a side after patching, or in the last feature map
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
  std::int64_t width = 0;  // D, of the features
  VisionSizes vision;
  TextSizes text;

  // "ViT, 12 layers of 768, patches of 32, R = 224, D = 512", for people.
  std::string description() const;
};

// Throws std::runtime_error when the shapes fit no CLIP model.
Architecture read_architecture(const Weights& weights);

}  // namespace clip
