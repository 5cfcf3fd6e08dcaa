#include "pooling_head.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cmath>

namespace clip {

PoolingHead::PoolingHead(Weights& weights, const TransformerSizes& sizes, const Compute& compute)
    : sizes_(sizes),
      attention_(take_attention(weights, sizes, compute)),
      projection_out_(make_linear(weights, "visual.pool.attention.out_proj.weight",
                                  "visual.pool.attention.out_proj.bias", sizes.width, sizes.width, compute)),
      norm_(weights, "visual.pool.layernorm", sizes.width, compute),
      mlp_in_(make_linear(weights, "visual.pool.mlp.c_fc.weight", "visual.pool.mlp.c_fc.bias", sizes.mlp_width,
                          sizes.width, compute)),
      mlp_out_(make_linear(weights, "visual.pool.mlp.c_proj.weight", "visual.pool.mlp.c_proj.bias", sizes.width,
                           sizes.mlp_width, compute)) {}

PoolingHead::Attention PoolingHead::take_attention(Weights& weights, const TransformerSizes& sizes,
                                                   const Compute& compute) {
  const std::int64_t width = sizes.width;
  const torch::Tensor weight = weights.take("visual.pool.attention.in_proj_weight", {3 * width, width});
  const torch::Tensor bias = weights.take("visual.pool.attention.in_proj_bias", {3 * width});
  // The probe is the same for all images, and so is its query.
  const torch::Tensor probe = weights.take("visual.pool.probe", {1, 1, width}).view({1, width});
  const torch::Tensor query = at::linear(probe, weight.narrow(0, 0, width), bias.narrow(0, 0, width));
  const std::int64_t head_width = width / sizes.heads;
  return {compute.place(query.view({sizes.heads, 1, head_width}) / std::sqrt(static_cast<double>(head_width))),
          Linear(weight.narrow(0, width, 2 * width), bias.narrow(0, width, 2 * width), compute)};
}

torch::Tensor PoolingHead::attend(const torch::Tensor& rows, std::int64_t images) const {
  const std::int64_t positions = rows.size(0) / images;
  const std::int64_t head_width = sizes_.width / sizes_.heads;
  // [2, n, heads, t, head_width]
  const torch::Tensor parts =
      attention_.keys_and_values(rows).view({images, positions, 2, sizes_.heads, head_width}).permute({2, 0, 3, 1, 4});
  const torch::Tensor scores = torch::matmul(attention_.query, parts[0].transpose(-2, -1));
  return torch::matmul(torch::softmax(scores, -1), parts[1]).reshape({images, sizes_.width});
}

torch::Tensor PoolingHead::operator()(const torch::Tensor& rows, std::int64_t images) const {
  torch::Tensor pooled = projection_out_(attend(rows, images));
  torch::Tensor hidden = torch::empty({images, sizes_.mlp_width}, pooled.options());
  mlp_in_.activated_into(hidden, norm_(pooled));
  mlp_out_.add_to(pooled, hidden);
  return pooled;
}

}  // namespace clip
