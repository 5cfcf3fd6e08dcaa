// PoolingHead: SigLIP's pooling of an image by attention.
#pragma once

#include "architecture.h"
#include "compute.h"
#include "linear.h"
#include "transformer.h"
#include "weights.h"

namespace clip {

// One learned query, the probe, attends to all patches (Zhai et al., Scaling Vision Transformers, CVPR 2022, "MAP
// head"): h = attention(probe, patches), and the result is h + mlp(norm(h)).
class PoolingHead {
 public:
  PoolingHead(Weights& weights, const TransformerSizes& sizes, const Compute& compute);

  // Returns [n, width] of rows [n·t, width].
  torch::Tensor operator()(const torch::Tensor& rows, std::int64_t images) const;

 private:
  struct Attention {
    torch::Tensor query;  // [heads, 1, width / heads], divided by the square root of the head's width
    Linear keys_and_values;
  };

  static Attention take_attention(Weights& weights, const TransformerSizes& sizes, const Compute& compute);

  // Returns the attention [n, width] before its output projection.
  torch::Tensor attend(const torch::Tensor& rows, std::int64_t images) const;

  TransformerSizes sizes_;
  Attention attention_;
  Linear projection_out_;
  LayerNorm norm_;
  Linear mlp_in_;
  Linear mlp_out_;
};

}  // namespace clip
