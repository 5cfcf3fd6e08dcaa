// The text tower: tokens to features.
#pragma once

#include <cstdint>
#include <vector>

#include "architecture.h"
#include "compute.h"
#include "transformer.h"
#include "weights.h"

namespace clip {

// Transformer with a causal mask, read off at the end-of-text token.
class TextTransformer {
 public:
  TextTransformer(Weights& weights, const Architecture& sizes, const Compute& compute);

  // tokens [n, t] int64 on the CPU, every row ending in its end token at position t − 1 -> [n, D]. Texts are passed
  // without their padding: under a causal mask it cannot change what comes before it.
  torch::Tensor operator()(const torch::Tensor& tokens) const;

 private:
  Compute compute_;
  std::int64_t width_;
  torch::Tensor tokens_;     // [vocabulary, width]
  torch::Tensor positions_;  // [context, width]
  Transformer transformer_;
  LayerNorm norm_after_;
  Linear projection_;
};

}  // namespace clip
