#include "features/stored_features.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <utility>

namespace trefoil::features {

StoredFeatures::StoredFeatures(const FeatureStore& store, ImageRows rows, std::int64_t width)
    : store_(store), rows_(std::move(rows)), shape_({static_cast<std::int64_t>(rows_.size()), width}) {}

torch::Tensor StoredFeatures::read(std::int64_t first, std::int64_t count) const {
  std::vector<RowRef> present;
  std::vector<std::int64_t> positions;
  for (std::int64_t row = 0; row < count; ++row) {
    const std::optional<RowRef>& stored = rows_[static_cast<std::size_t>(first + row)];
    if (!stored) continue;
    present.push_back(*stored);
    positions.push_back(row);
  }
  torch::Tensor block = torch::zeros({count, shape_[1]});
  if (!present.empty()) block.index_copy_(0, at::tensor(positions, torch::kLong), store_.read(present));
  return block;
}

}  // namespace trefoil::features
