#include "pipeline/ranking.h"

#include <algorithm>

namespace trefoil::pipeline {

namespace {

void insert(TopClasses& top, std::int64_t class_index, float logit) {
  std::size_t place = static_cast<std::size_t>(top.count);
  while (place > 0 && logit > top.logits[place - 1])
    --place;  // strict, so that of equal logits the earlier class stays ahead
  if (place == kTop) return;
  if (top.count < kTop) ++top.count;
  for (auto i = static_cast<std::size_t>(top.count) - 1; i > place; --i) {
    top.classes[i] = top.classes[i - 1];
    top.logits[i] = top.logits[i - 1];
  }
  top.classes[place] = class_index;
  top.logits[place] = logit;
}

}  // namespace

std::vector<TopClasses> rank(const torch::Tensor& logits) {
  const torch::Tensor rows = logits.to(torch::kFloat).contiguous();
  const std::int64_t class_count = rows.size(1);
  const float* row = rows.data_ptr<float>();
  std::vector<TopClasses> result(static_cast<std::size_t>(rows.size(0)));
  for (TopClasses& top : result) {
    for (std::int64_t c = 0; c < class_count; ++c) insert(top, c, row[c]);
    row += class_count;
  }
  return result;
}

}  // namespace trefoil::pipeline
