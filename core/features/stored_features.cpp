#include "features/stored_features.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <utility>

namespace trefoil::features {

StoredFeatures::StoredFeatures(const FeatureStore& store, ImagePlaces places, std::int64_t width)
    : store_(store), places_(std::move(places)), shape_({static_cast<std::int64_t>(places_.size()), width}) {}

torch::Tensor StoredFeatures::read(std::int64_t first, std::int64_t count) const {
  std::vector<Place> present;
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < count; ++row) {
    const std::optional<Place>& place = places_[static_cast<std::size_t>(first + row)];
    if (!place) continue;
    present.push_back(*place);
    rows.push_back(row);
  }
  torch::Tensor block = torch::zeros({count, shape_[1]});
  if (!present.empty()) block.index_copy_(0, at::tensor(rows, torch::kLong), store_.read(present));
  return block;
}

}  // namespace trefoil::features
