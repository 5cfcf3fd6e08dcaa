#include "search/key_layout.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <numeric>

#include "base/simd.h"
#include "trefoil/support.h"

namespace trefoil::search {

namespace {

torch::Tensor placed(const torch::Tensor& columns, const std::vector<std::int64_t>& places, std::int64_t width,
                     float gap) {
  torch::Tensor result = torch::full({columns.size(0), width}, gap, torch::kFloat);
  return result.index_copy_(/*dim=*/1, at::tensor(places, torch::kLong), columns.to(torch::kFloat));
}

}  // namespace

KeyLayout::KeyLayout(const Classifier& classifier)
    : class_lanes_(simd::round_up(classifier.class_count())),
      class_place_(static_cast<std::size_t>(classifier.class_count())),
      key_place_(static_cast<std::size_t>(classifier.key_count())) {
  const auto class_count = class_place_.size();
  std::vector<std::int64_t> counts(class_count, 0);
  std::vector<std::int64_t> shot(key_place_.size());  // which of its class each key is
  const torch::Tensor label_tensor = key_place_.empty() ? torch::Tensor() : classifier.labels.contiguous();
  const auto* labels = key_place_.empty() ? nullptr : label_tensor.data_ptr<std::int64_t>();
  for (std::size_t key = 0; key < key_place_.size(); ++key) {
    shot[key] = counts[static_cast<std::size_t>(labels[key])]++;
  }
  std::vector<std::size_t> order(class_count);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  for (std::size_t place = 0; place < class_count; ++place) {
    class_place_[order[place]] = static_cast<std::int64_t>(place);
  }
  const std::int64_t most = class_count > 0 ? counts[order.front()] : 0;
  for (std::int64_t slot = 0; slot < most; ++slot) {
    const auto having = std::count_if(counts.begin(), counts.end(), [&](std::int64_t count) { return count > slot; });
    slot_starts_.push_back(key_lanes_);
    slot_lengths_.push_back(simd::round_up(having));
    key_lanes_ += slot_lengths_.back();
  }
  for (std::size_t key = 0; key < key_place_.size(); ++key) {
    key_place_[key] = slot_starts_[static_cast<std::size_t>(shot[key])] + class_place(labels[key]);
  }
}

Slots KeyLayout::slots() const {
  return {slot_starts_.data(), slot_lengths_.data(), static_cast<std::int64_t>(slot_starts_.size())};
}

torch::Tensor KeyLayout::by_class(const torch::Tensor& columns, float gap) const {
  return placed(columns, class_place_, class_lanes_, gap);
}

torch::Tensor KeyLayout::by_key(const torch::Tensor& columns) const {
  return placed(columns, key_place_, key_lanes_, 0);
}

}  // namespace trefoil::search
