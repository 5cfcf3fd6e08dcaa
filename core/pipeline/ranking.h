// Ranking: the best classes of each query.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::pipeline {

constexpr std::int64_t kTop = 5;

// The best classes of one query, best first. Of equal logits, the class with the lower index comes first.
struct TopClasses {
  std::int64_t count = 0;  // kTop, or C when there are fewer classes
  std::array<std::int64_t, kTop> classes{};
  std::array<float, kTop> logits{};

  at::IntArrayRef ids() const { return {classes.data(), static_cast<std::size_t>(count)}; }
};

// logits [n, C], float32 or float64, on the CPU -> one TopClasses for each row.
std::vector<TopClasses> rank(const torch::Tensor& logits);

}  // namespace trefoil::pipeline
