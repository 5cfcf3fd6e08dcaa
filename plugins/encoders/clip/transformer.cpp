#include "transformer.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/native_layer_norm.h>

namespace trefoil::clip {

namespace {

constexpr double kEpsilon = 1e-5;  // of layer normalisation: PyTorch's default, with which CLIP was trained

Linear make_linear(Weights& weights, const std::string& weight, const std::string& bias, std::int64_t out,
                   std::int64_t in, const Compute& compute) {
  return {weights.take(weight, {out, in}), weights.take(bias, {out}), compute};
}

}  // namespace

LayerNorm::LayerNorm(Weights& weights, const std::string& name, std::int64_t width, const Compute& compute)
    : scale_(compute.place(weights.take(name + ".weight", {width}))),
      shift_(compute.place(weights.take(name + ".bias", {width}))) {}

torch::Tensor LayerNorm::operator()(const torch::Tensor& rows) const {
  return std::get<0>(at::native_layer_norm(rows, scale_.sizes(), scale_, shift_, kEpsilon));
}

void LayerNorm::into(torch::Tensor& target, const torch::Tensor& rows) const {
  torch::Tensor mean = torch::empty({0}, rows.options().dtype(torch::kFloat));
  torch::Tensor deviation = torch::empty({0}, rows.options().dtype(torch::kFloat));
  at::native_layer_norm_out(target, mean, deviation, rows, scale_.sizes(), scale_, shift_, kEpsilon);
}

Workspace::Workspace(const torch::Tensor& rows, std::int64_t width)
    : normed(torch::empty({rows.size(0), width}, rows.options())),
      projected(torch::empty({rows.size(0), 3 * width}, rows.options())),
      attended(torch::empty({rows.size(0), width}, rows.options())),
      hidden(torch::empty({rows.size(0), 4 * width}, rows.options())) {}

ResidualBlock::ResidualBlock(Weights& weights, const std::string& name, const TransformerSizes& sizes,
                             const Compute& compute)
    : kernels_(compute.kernels),
      heads_(sizes.heads),
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

void ResidualBlock::attend(const torch::Tensor& rows, std::int64_t sequences, Mask mask, Workspace& workspace) const {
  norm_before_attention_.into(workspace.normed, rows);
  projection_in_.into(workspace.projected, workspace.normed);
  attention(workspace.projected, sequences, heads_, mask, kernels_, workspace.attended);
}

void ResidualBlock::finish(torch::Tensor& rows, const torch::Tensor& attended, Workspace& workspace) const {
  torch::Tensor normed = workspace.normed.narrow(0, 0, rows.size(0));
  torch::Tensor hidden = workspace.hidden.narrow(0, 0, rows.size(0));
  projection_out_.add_to(rows, attended);
  norm_before_mlp_.into(normed, rows);
  mlp_in_.activated_into(hidden, normed);
  mlp_out_.add_to(rows, hidden);
}

Transformer::Transformer(Weights& weights, const std::string& prefix, const TransformerSizes& sizes, Mask mask,
                         const Compute& compute)
    : width_(sizes.width), mask_(mask) {
  blocks_.reserve(static_cast<std::size_t>(sizes.layers));
  for (std::int64_t i = 0; i < sizes.layers; ++i) {
    blocks_.emplace_back(weights, prefix + "transformer.resblocks." + std::to_string(i), sizes, compute);
  }
}

torch::Tensor Transformer::operator()(torch::Tensor rows, std::int64_t sequences, const torch::Tensor& kept) const {
  if (blocks_.empty()) return rows.index_select(0, kept);
  Workspace workspace(rows, width_);
  for (std::size_t i = 0; i + 1 < blocks_.size(); ++i) {
    blocks_[i].attend(rows, sequences, mask_, workspace);
    blocks_[i].finish(rows, workspace.attended, workspace);
  }
  blocks_.back().attend(rows, sequences, mask_, workspace);
  torch::Tensor result = rows.index_select(0, kept);
  blocks_.back().finish(result, workspace.attended.index_select(0, kept), workspace);
  return result;
}

}  // namespace trefoil::clip
