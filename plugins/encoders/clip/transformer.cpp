#include "transformer.h"

#include <ATen/ops/layer_norm.h>

namespace trefoil::clip {

namespace {

Linear make_linear(Weights& weights, const std::string& weight, const std::string& bias, std::int64_t out,
                   std::int64_t in, const Compute& compute) {
  return {weights.take(weight, {out, in}), weights.take(bias, {out}), compute};
}

}  // namespace

LayerNorm::LayerNorm(Weights& weights, const std::string& name, std::int64_t width, const Compute& compute)
    : scale_(compute.place(weights.take(name + ".weight", {width}))),
      shift_(compute.place(weights.take(name + ".bias", {width}))) {}

torch::Tensor LayerNorm::operator()(const torch::Tensor& rows) const {
  constexpr double kEpsilon = 1e-5;  // PyTorch's default, with which CLIP was trained
  return at::layer_norm(rows, scale_.sizes(), scale_, shift_, kEpsilon);
}

ResidualBlock::ResidualBlock(Weights& weights, const std::string& name, const TransformerSizes& sizes,
                             const Compute& compute)
    : heads_(sizes.heads),
      norm_before_attention_(weights, name + ".ln_1", sizes.width, compute),
      projection_in_(make_linear(weights, name + ".attn.in_proj_weight", name + ".attn.in_proj_bias", 3 * sizes.width,
                                 sizes.width, compute)),
      projection_out_(make_linear(weights, name + ".attn.out_proj.weight", name + ".attn.out_proj.bias", sizes.width,
                                  sizes.width, compute)),
      norm_before_mlp_(weights, name + ".ln_2", sizes.width, compute),
      mlp_in_(make_linear(weights, name + ".mlp.c_fc.weight", name + ".mlp.c_fc.bias", 4 * sizes.width, sizes.width,
                          compute)),
      mlp_out_(make_linear(weights, name + ".mlp.c_proj.weight", name + ".mlp.c_proj.bias", sizes.width,
                           4 * sizes.width, compute)) {}

torch::Tensor ResidualBlock::attend(const torch::Tensor& rows, std::int64_t sequences, Mask mask) const {
  return attention(projection_in_(norm_before_attention_(rows)), sequences, heads_, mask);
}

void ResidualBlock::finish(torch::Tensor& rows, const torch::Tensor& attended) const {
  projection_out_.add_to(rows, attended);
  mlp_out_.add_to(rows, mlp_in_.activated(norm_before_mlp_(rows)));
}

Transformer::Transformer(Weights& weights, const std::string& prefix, const TransformerSizes& sizes, Mask mask,
                         const Compute& compute)
    : mask_(mask) {
  blocks_.reserve(static_cast<std::size_t>(sizes.layers));
  for (std::int64_t i = 0; i < sizes.layers; ++i) {
    blocks_.emplace_back(weights, prefix + "transformer.resblocks." + std::to_string(i), sizes, compute);
  }
}

torch::Tensor Transformer::operator()(torch::Tensor rows, std::int64_t sequences, const torch::Tensor& kept) const {
  if (blocks_.empty()) return rows.index_select(0, kept);
  for (std::size_t i = 0; i + 1 < blocks_.size(); ++i) {
    blocks_[i].finish(rows, blocks_[i].attend(rows, sequences, mask_));
  }
  const torch::Tensor attended = blocks_.back().attend(rows, sequences, mask_).index_select(0, kept);
  torch::Tensor result = rows.index_select(0, kept);
  blocks_.back().finish(result, attended);
  return result;
}

}  // namespace trefoil::clip
