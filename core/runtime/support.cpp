#include "trefoil/support.h"

#include <ATen/ops/bincount.h>
#include <ATen/ops/zeros.h>

namespace trefoil {

namespace {

template <typename Scalar>
void add_rows(const torch::Tensor& rows, const torch::Tensor& labels, torch::Tensor& sums) {
  const std::int64_t width = rows.size(1);
  const auto* row = rows.data_ptr<Scalar>();
  const auto* label = labels.data_ptr<std::int64_t>();
  auto* sum = sums.data_ptr<Scalar>();
  for (std::int64_t m = 0; m < rows.size(0); ++m, row += width) {
    Scalar* target = sum + label[m] * width;
    for (std::int64_t d = 0; d < width; ++d) target[d] += row[d];
  }
}

}  // namespace

torch::Tensor class_counts(const torch::Tensor& labels, std::int64_t class_count) {
  return torch::bincount(labels, /*weights=*/{}, /*minlength=*/class_count);
}

torch::Tensor class_sums(const torch::Tensor& rows, const torch::Tensor& labels, std::int64_t class_count) {
  torch::Tensor sums = torch::zeros({class_count, rows.size(1)}, rows.options());
  const torch::Tensor contiguous = rows.contiguous();
  if (rows.scalar_type() == torch::kDouble) {
    add_rows<double>(contiguous, labels.contiguous(), sums);
  } else {
    add_rows<float>(contiguous, labels.contiguous(), sums);
  }
  return sums;
}

torch::Tensor unit_rows(const torch::Tensor& rows) {
  const torch::Tensor norm = rows.norm(/*p=*/2, /*dim=*/1, /*keepdim=*/true);
  return rows / norm.masked_fill(norm == 0, 1);
}

}  // namespace trefoil
