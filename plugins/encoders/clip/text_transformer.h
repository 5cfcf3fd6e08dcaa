// The text encoder: tokens to features.
#pragma once

#include <cstdint>
#include <vector>

#include "architecture.h"
#include "compute.h"
#include "transformer.h"
#include "weights.h"

namespace clip {

// A transformer whose feature is the output at the last position. The family decides whether it has a causal mask.
class TextTransformer {
 public:
  TextTransformer(Weights& weights, const Architecture& sizes, const Compute& compute);

  // Returns features [n, D]. tokens [n, t] int64 on the CPU: the ids that Tokenizer::Tokens::length counts. CLIP's
  // padding is not passed, because under a causal mask it cannot change the positions before it.
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
