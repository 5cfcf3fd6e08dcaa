#include "attention.h"

#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cmath>
#include <limits>

namespace trefoil::clip {

torch::Tensor attention(const torch::Tensor& projected, std::int64_t sequences, std::int64_t heads, Mask mask) {
  const std::int64_t positions = projected.size(0) / sequences;
  const std::int64_t head_width = projected.size(1) / 3 / heads;
  // [3, n, heads, t, head_width]
  const torch::Tensor parts = projected.view({sequences, positions, 3, heads, head_width}).permute({2, 0, 3, 1, 4});
  const torch::Tensor query = parts[0] * (1 / std::sqrt(static_cast<double>(head_width)));
  torch::Tensor scores = torch::matmul(query, parts[1].transpose(-2, -1));
  if (mask == Mask::causal) {
    scores += torch::full({positions, positions}, -std::numeric_limits<double>::infinity(), scores.options()).triu(1);
  }
  return torch::matmul(torch::softmax(scores, -1), parts[2])
      .transpose(1, 2)
      .reshape({sequences * positions, heads * head_width});
}

}  // namespace trefoil::clip
