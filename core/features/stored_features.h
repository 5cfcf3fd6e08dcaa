// StoredFeatures: the features of many images as an array, read from the store by blocks.
#pragma once

#include <vector>

#include "features/feature_encoder.h"
#include "features/store.h"
#include "formats/array.h"

namespace trefoil::features {

// An array [n, D] float32. The feature of an image that is not in the store is zero. The store must outlive the array,
// and nothing may be added to it meanwhile.
class StoredFeatures final : public formats::Array {
 public:
  StoredFeatures(const FeatureStore& store, ImageRows rows, std::int64_t width);

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  torch::ScalarType type() const override { return torch::kFloat; }
  torch::Tensor read(std::int64_t first, std::int64_t count) const override;

 private:
  const FeatureStore& store_;
  ImageRows rows_;
  std::vector<std::int64_t> shape_;
};

}  // namespace trefoil::features
