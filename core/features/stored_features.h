// Features of many images, read from the store by blocks.
#pragma once

#include <vector>

#include "features/feature_encoder.h"
#include "features/store.h"
#include "formats/array.h"

namespace trefoil::features {

// [n, D] float32; the row of an image without a place is zero. The store outlives it and does not change.
class StoredFeatures final : public formats::Array {
 public:
  StoredFeatures(const FeatureStore& store, ImagePlaces places, std::int64_t width);

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  torch::ScalarType type() const override { return torch::kFloat; }
  torch::Tensor read(std::int64_t first, std::int64_t count) const override;

 private:
  const FeatureStore& store_;
  ImagePlaces places_;
  std::vector<std::int64_t> shape_;
};

}  // namespace trefoil::features
