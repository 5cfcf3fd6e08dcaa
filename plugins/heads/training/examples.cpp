#include "examples.h"

#include <algorithm>

#include "scalar.h"

namespace head_training {

namespace {

template <typename Scalar>
void gather_columns(const torch::Tensor& view, const Rows& rows, const torch::Tensor& columns, Scalar* target) {
  const auto* column = columns.data_ptr<std::int64_t>();
  const std::int64_t count = columns.size(0);
  for (std::int64_t i = 0; i < rows.count; ++i, target += count) {
    const Scalar* row = view.data_ptr<Scalar>() + rows.index[i] * view.size(1);
    for (std::int64_t q = 0; q < count; ++q) target[q] = row[column[q]];
  }
}

template <typename Scalar>
void gather_whole(const torch::Tensor& view, const Rows& rows, Scalar* target) {
  const std::int64_t width = view.size(1);
  for (std::int64_t i = 0; i < rows.count; ++i) {
    std::copy_n(view.data_ptr<Scalar>() + rows.index[i] * width, width, target + i * width);
  }
}

}  // namespace

Examples::Examples(const trefoil::Support& support) : labels(support.labels) {
  if (!support.views.defined()) {
    views.push_back(support.images);
    return;
  }
  for (std::int64_t v = 0; v < support.views.size(0); ++v) views.push_back(support.views[v]);
}

void gather(const torch::Tensor& view, const Rows& rows, const torch::Tensor& columns, const torch::Tensor& target) {
  with_scalar(view.scalar_type(), [&](auto zero) {
    using Scalar = decltype(zero);
    if (columns.defined()) {
      gather_columns(view, rows, columns, target.data_ptr<Scalar>());
    } else {
      gather_whole(view, rows, target.data_ptr<Scalar>());
    }
  });
}

}  // namespace head_training
