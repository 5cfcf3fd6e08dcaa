// ShardBuffer: collects new features and writes them to the store.
#pragma once

#include <chrono>
#include <vector>

#include "features/store.h"

namespace trefoil::features {

// Writes a shard when there are 1024 features, or when the last shard is 5 seconds old, so that a killed run loses
// little. The destructor does not write.
class ShardBuffer {
 public:
  explicit ShardBuffer(FeatureStore& store) : store_(store) {}

  // `features` [m, D] has one row for each item.
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
