// Examples: the support images as queries with known classes, in every view.
#pragma once

#include <trefoil/support.h>

#include <cstdint>
#include <vector>

namespace head_training {

constexpr std::int64_t kBlock = 128;  // rows in one task; fixed, so that results do not depend on the threads

constexpr std::int64_t blocks_of(std::int64_t rows) { return (rows + kBlock - 1) / kBlock; }

struct Examples {
  std::vector<torch::Tensor> views;  // V times [M, D], unit rows; without views: the images themselves, V = 1
  torch::Tensor labels;              // [M] int64

  explicit Examples(const trefoil::Support& support);

  std::int64_t view_count() const { return static_cast<std::int64_t>(views.size()); }
  std::int64_t count() const { return labels.size(0); }
};

// Some rows of one view. They are a part of one batch; a single task handles at most kBlock of them.
struct Rows {
  std::int64_t view;
  const std::int64_t* index;  // [count] row numbers in the view
  std::int64_t count;
  std::int64_t first;  // how many rows of the batch come before these
  std::int64_t batch;  // rows in the whole batch
};

// Copies the columns [Q] of `rows` of a view [M, D] to target [count, Q]. If `columns` is undefined, Q = D and all
// columns are copied.
void gather(const torch::Tensor& view, const Rows& rows, const torch::Tensor& columns, const torch::Tensor& target);

}  // namespace head_training
