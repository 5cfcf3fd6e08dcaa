#include "attention.h"

#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cmath>
#include <limits>

#include "fused_attention.h"

namespace clip {

namespace {

torch::Tensor plain_attention(const torch::Tensor& projected, const AttentionShape& shape) {
  const std::int64_t head_width = projected.size(1) / 3 / shape.heads;
  // [3, n, heads, t, head_width]
  const torch::Tensor parts =
      projected.view({shape.sequences, shape.positions, 3, shape.heads, head_width}).permute({2, 0, 3, 1, 4});
  const torch::Tensor query = parts[0] * (1 / std::sqrt(static_cast<double>(head_width)));
  torch::Tensor scores = torch::matmul(query, parts[1].transpose(-2, -1));
  if (shape.causal) {
    constexpr double kNever = -std::numeric_limits<double>::infinity();
    scores += torch::full({shape.positions, shape.positions}, kNever, scores.options()).triu(1);
  }
  return torch::matmul(torch::softmax(scores, -1), parts[2])
      .transpose(1, 2)
      .reshape({projected.size(0), projected.size(1) / 3});
}

}  // namespace

void attention(const torch::Tensor& projected, std::int64_t sequences, std::int64_t heads, Mask mask, Kernels kernels,
               torch::Tensor& target) {
  const AttentionShape shape = {sequences, projected.size(0) / sequences, heads, mask == Mask::causal};
  const bool fits_kernel = projected.size(1) == 3 * heads * kHeadWidth;
  if (kernels == Kernels::packed && fits_kernel) {
    fused_attention(projected.data_ptr<float>(), shape, target.data_ptr<float>());
  } else {
    target.copy_(plain_attention(projected, shape));
  }
}

}  // namespace clip
