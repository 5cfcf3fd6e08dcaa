#include "text_transformer.h"

#include <ATen/ops/arange.h>

namespace clip {

namespace {

// SigLIP's projection has a bias, CLIP's has none.
Linear take_projection(Weights& weights, std::int64_t width, std::int64_t features, const Compute& compute) {
  const torch::Tensor weight = weights.take("text_projection", {width, features}).t();
  const bool has_bias = weights.has("text_projection_bias");
  return {weight, has_bias ? weights.take("text_projection_bias", {features}) : torch::Tensor(), compute};
}

}  // namespace

TextTransformer::TextTransformer(Weights& weights, const Architecture& sizes, const Compute& compute)
    : compute_(compute),
      width_(sizes.text.transformer.width),
      tokens_(compute.place(weights.take("token_embedding.weight", {sizes.text.vocabulary, width_}))),
      positions_(compute.place(weights.take("positional_embedding", {sizes.text.context, width_}))),
      transformer_(weights, "", sizes.text.transformer, sizes.family.text_mask, compute),
      norm_after_(weights, "ln_final", width_, compute),
      projection_(take_projection(weights, width_, sizes.width, compute.exact())) {}

torch::Tensor TextTransformer::operator()(const torch::Tensor& tokens) const {
  const std::int64_t texts = tokens.size(0);
  const std::int64_t length = tokens.size(1);
  const torch::Tensor embedded =
      tokens_.index_select(0, tokens.to(compute_.device).flatten()).view({texts, length, width_});
  const torch::Tensor rows = (embedded + positions_.narrow(0, 0, length)).view({texts * length, width_});
  const torch::Tensor end_rows = torch::arange(length - 1, texts * length, length,
                                               torch::TensorOptions().dtype(torch::kLong).device(compute_.device));
  return projection_(norm_after_(transformer_(rows, texts, end_rows)));
}

}  // namespace clip
