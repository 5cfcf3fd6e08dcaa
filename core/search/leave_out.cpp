#include "search/leave_out.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

namespace trefoil::search {

std::vector<std::vector<std::int64_t>> folds(const Support& support, const torch::Tensor& estimated) {
  constexpr std::int64_t kMost = 4;
  torch::Tensor counts = class_counts(support.labels, support.class_count());
  if (estimated.defined()) counts = counts.masked_fill(estimated, 0);
  const auto* label = support.labels.data_ptr<std::int64_t>();
  const auto* count = counts.data_ptr<std::int64_t>();
  std::vector<std::vector<std::int64_t>> result;
  std::int64_t shot = 0;
  for (std::int64_t row = 0; row < support.image_count(); ++row) {
    shot = row > 0 && label[row] == label[row - 1] ? shot + 1 : 0;
    if (count[label[row]] < 2) continue;
    const auto fold = static_cast<std::size_t>(shot % kMost);
    if (fold >= result.size()) result.resize(fold + 1);
    result[fold].push_back(row);
  }
  return result;
}

Support without(const Support& support, const std::vector<std::int64_t>& rows) {
  torch::Tensor kept = torch::ones({support.image_count()}, torch::kBool);
  kept.index_fill_(/*dim=*/0, at::tensor(rows, torch::kLong), false);
  const torch::Tensor index = kept.nonzero().squeeze(1);
  Support result{support.text, support.images.index_select(0, index), support.labels.index_select(0, index)};
  if (support.views.defined()) result.views = support.views.index_select(1, index);
  return result;
}

}  // namespace trefoil::search
