#include "features/shard_buffer.h"

#include <ATen/ops/cat.h>

namespace trefoil::features {

void ShardBuffer::add(const std::vector<base::Digest>& items, const torch::Tensor& features) {
  constexpr std::size_t kMost = 1024;
  constexpr std::chrono::seconds kPatience{5};
  if (items.empty()) return;
  items_.insert(items_.end(), items.begin(), items.end());
  features_.push_back(features);
  if (items_.size() >= kMost || Clock::now() - last_written_ >= kPatience) flush();
}

void ShardBuffer::flush() {
  if (items_.empty()) return;
  store_.add(items_, at::cat(features_));
  items_.clear();
  features_.clear();
  last_written_ = Clock::now();
}

}  // namespace trefoil::features
