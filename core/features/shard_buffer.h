// ShardBuffer: new features on their way into the store.
#pragma once

#include <chrono>
#include <vector>

#include "features/store.h"

namespace trefoil::features {

// Collects features and writes a shard when there are many, or when the last one is some seconds old: what a killed run
// loses is bounded both ways.
class ShardBuffer {
 public:
  explicit ShardBuffer(FeatureStore& store) : store_(store) {}

  void add(const std::vector<base::Digest>& items, const torch::Tensor& features);
  void flush();

 private:
  using Clock = std::chrono::steady_clock;

  FeatureStore& store_;
  std::vector<base::Digest> items_;
  std::vector<torch::Tensor> features_;
  Clock::time_point last_written_ = Clock::now();
};

}  // namespace trefoil::features
