#include "transformer.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/layer_norm.h>

#include <utility>

#include "fused_layer_norm.h"

namespace clip {

Linear make_linear(Weights& weights, const std::string& weight, const std::string& bias, std::int64_t out,
                   std::int64_t in, const Compute& compute) {
  return {weights.take(weight, {out, in}), weights.take(bias, {out}), compute};
}

LayerNorm::LayerNorm(Weights& weights, const std::string& name, std::int64_t width, const Compute& compute)
    : kernels_(width % kLayerNormStep == 0 ? compute.kernels : Kernels::plain),
      epsilon_(compute.epsilon),
      scale_(compute.place(weights.take(name + ".weight", {width}))),
      shift_(compute.place(weights.take(name + ".bias", {width}))) {}

torch::Tensor LayerNorm::operator()(const torch::Tensor& rows) const {
  torch::Tensor result = torch::empty_like(rows);
  into(result, rows);
  return result;
}

void LayerNorm::into(torch::Tensor& target, const torch::Tensor& rows) const {
  if (kernels_ == Kernels::packed) {
    const torch::Tensor source = rows.contiguous();
    fused_layer_norm(source.data_ptr<float>(), source.size(0), source.size(1), scale_.data_ptr<float>(),
                     shift_.data_ptr<float>(), epsilon_, target.data_ptr<float>());
  } else {
    target.copy_(at::layer_norm(rows, scale_.sizes(), scale_, shift_, epsilon_));
  }
}

Workspace::Workspace(const torch::Tensor& rows, const TransformerSizes& sizes)
    : normed(torch::empty({rows.size(0), sizes.width}, rows.options())),
      projected(torch::empty({rows.size(0), 3 * sizes.width}, rows.options())),
      attended(torch::empty({rows.size(0), sizes.width}, rows.options())),
      hidden(torch::empty({rows.size(0), sizes.mlp_width}, rows.options())) {}

Workspace Workspace::first(std::int64_t count) const {
  Workspace view = *this;
  for (torch::Tensor* tensor : {&view.normed, &view.projected, &view.attended, &view.hidden}) {
    *tensor = tensor->narrow(0, 0, count);
  }
  return view;
}

std::unique_ptr<Workspace> WorkspacePool::take(const torch::Tensor& rows, const TransformerSizes& sizes) {
  std::unique_ptr<Workspace> workspace;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!free_.empty()) {
      workspace = std::move(free_.back());
      free_.pop_back();
    }
  }
  const bool fits = workspace && workspace->rows() >= rows.size(0);
  return fits ? std::move(workspace) : std::make_unique<Workspace>(rows, sizes);
}

void WorkspacePool::give_back(std::unique_ptr<Workspace> workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(workspace));
}

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
      mlp_in_(make_linear(weights, name + ".mlp.c_fc.weight", name + ".mlp.c_fc.bias", sizes.mlp_width, sizes.width,
                          compute)),
      mlp_out_(make_linear(weights, name + ".mlp.c_proj.weight", name + ".mlp.c_proj.bias", sizes.width,
                           sizes.mlp_width, compute)) {}

void ResidualBlock::attend(const torch::Tensor& rows, std::int64_t sequences, Mask mask, Workspace& workspace) const {
  norm_before_attention_.into(workspace.normed, rows);
  projection_in_.into(workspace.projected, workspace.normed);
  attention(workspace.projected, sequences, heads_, mask, kernels_, workspace.attended);
}

void ResidualBlock::finish(torch::Tensor& rows, const torch::Tensor& attended, Workspace& workspace) const {
  projection_out_.add_to(rows, attended);
  norm_before_mlp_.into(workspace.normed, rows);
  mlp_in_.activated_into(workspace.hidden, workspace.normed);
  mlp_out_.add_to(rows, workspace.hidden);
}

Transformer::Transformer(Weights& weights, const std::string& prefix, const TransformerSizes& sizes, Mask mask,
                         const Compute& compute)
    : sizes_(sizes), mask_(mask) {
  blocks_.reserve(static_cast<std::size_t>(sizes.layers));
  for (std::int64_t i = 0; i < sizes.layers; ++i) {
    blocks_.emplace_back(weights, prefix + "transformer.resblocks." + std::to_string(i), sizes, compute);
  }
}

void Transformer::run(torch::Tensor& rows, std::int64_t sequences, std::size_t blocks, Workspace& workspace) const {
  for (std::size_t i = 0; i < blocks; ++i) {
    blocks_[i].attend(rows, sequences, mask_, workspace);
    blocks_[i].finish(rows, workspace.attended, workspace);
  }
}

torch::Tensor Transformer::all_rows(torch::Tensor rows, std::int64_t sequences) const {
  std::unique_ptr<Workspace> whole = workspaces_.take(rows, sizes_);
  Workspace workspace = whole->first(rows.size(0));
  run(rows, sequences, blocks_.size(), workspace);
  workspaces_.give_back(std::move(whole));
  return rows;
}

torch::Tensor Transformer::operator()(torch::Tensor rows, std::int64_t sequences, const torch::Tensor& kept) const {
  if (blocks_.empty()) return rows.index_select(0, kept);
  std::unique_ptr<Workspace> whole = workspaces_.take(rows, sizes_);
  Workspace workspace = whole->first(rows.size(0));
  run(rows, sequences, blocks_.size() - 1, workspace);
  blocks_.back().attend(rows, sequences, mask_, workspace);
  torch::Tensor result = rows.index_select(0, kept);
  Workspace of_kept = whole->first(kept.size(0));
  blocks_.back().finish(result, workspace.attended.index_select(0, kept), of_kept);
  workspaces_.give_back(std::move(whole));
  return result;
}

}  // namespace clip
