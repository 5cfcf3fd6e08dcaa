#include "confident_means.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace adapting {

torch::Tensor confident_means(const torch::Tensor& rows, const torch::Tensor& log_probabilities, std::int64_t most,
                              parallel::Workers& workers) {
  const std::int64_t count = rows.size(0);
  const std::int64_t chosen = std::min(most, count);
  torch::Tensor means = torch::empty({log_probabilities.size(1), rows.size(1)}, torch::kDouble);
  workers.run(log_probabilities.size(1), [&](std::int64_t label, int /*worker*/) {
    const torch::Tensor column = log_probabilities.select(/*dim=*/1, label).to(torch::kDouble).contiguous();
    const auto* value = column.data_ptr<double>();
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + chosen, order.end(), [value](std::int64_t a, std::int64_t b) {
      return value[a] != value[b] ? value[a] > value[b] : a < b;
    });
    order.resize(static_cast<std::size_t>(chosen));
    means[label] = rows.index_select(/*dim=*/0, at::tensor(order)).to(torch::kDouble).mean(/*dim=*/0);
  });
  return means;
}

double confident_means_bytes(double rows) { return rows * (sizeof(double) + sizeof(std::int64_t)); }

}  // namespace adapting
