// Examples: the support images as queries with known classes, in every view there is of them.
#pragma once

#include <trefoil/support.h>

#include <cstdint>
#include <vector>

namespace trefoil::training {

constexpr std::int64_t kBlock = 128;  // rows in one task: never depends on the number of threads

constexpr std::int64_t blocks_of(std::int64_t rows) { return (rows + kBlock - 1) / kBlock; }

struct Examples {
  std::vector<torch::Tensor> views;  // V times [M, D], unit rows; the images themselves where views are not known
  torch::Tensor labels;              // [M] int64

  explicit Examples(const Support& support);

  std::int64_t view_count() const { return static_cast<std::int64_t>(views.size()); }
  std::int64_t count() const { return labels.size(0); }
};

// Some rows of one view: a part of the batch that a step learns from. What one task does has at most kBlock.
struct Rows {
  std::int64_t view;
  const std::int64_t* index;  // [count] which rows of the view
  std::int64_t count;
  std::int64_t first;  // how many rows of the batch come before these
  std::int64_t batch;  // rows in the whole batch
};

// The columns [Q] of rows of a view [M, D]; all D of them if `columns` is undefined. -> target [count, Q].
void gather(const torch::Tensor& view, const Rows& rows, const torch::Tensor& columns, const torch::Tensor& target);

}  // namespace trefoil::training
