#include "query_logits.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace adapting {

namespace {

constexpr std::int64_t kBlock = 256;  // queries

}  // namespace

QueryLogits::QueryLogits(const trefoil::Classifier& classifier, const trefoil::Queries& queries,
                         parallel::Workers& workers, double most_bytes)
    : classifier_(classifier), queries_(queries), workers_(workers) {
  const double bytes = static_cast<double>(queries.count()) * static_cast<double>(classifier.class_count()) *
                       static_cast<double>(classifier.text.element_size());
  if (bytes > most_bytes) return;
  std::vector<torch::Tensor> kept(static_cast<std::size_t>(blocks()));
  for_each_block([&](std::int64_t first, const torch::Tensor& logits) {
    kept[static_cast<std::size_t>(first / kBlock)] = logits;
  });
  kept_ = std::move(kept);
}

std::int64_t QueryLogits::blocks() const { return (count() + kBlock - 1) / kBlock; }

torch::Tensor QueryLogits::computed(std::int64_t first, std::int64_t count) const {
  return classifier_.logits(queries_.read(first, count));
}

void QueryLogits::for_each_block(
    const std::function<void(std::int64_t first, const torch::Tensor& logits)>& use) const {
  workers_.run(blocks(), [&](std::int64_t block, int /*worker*/) {
    const std::int64_t first = block * kBlock;
    use(first,
        kept_.empty() ? computed(first, std::min(kBlock, count() - first)) : kept_[static_cast<std::size_t>(block)]);
  });
}

torch::Tensor QueryLogits::probabilities() const {
  return of_each_block([](const torch::Tensor& logits) { return logits.softmax(/*dim=*/1); });
}

torch::Tensor QueryLogits::log_probabilities() const {
  return of_each_block([](const torch::Tensor& logits) { return logits.log_softmax(/*dim=*/1); });
}

torch::Tensor QueryLogits::of_each_block(const std::function<torch::Tensor(const torch::Tensor& logits)>& value) const {
  torch::Tensor all = torch::empty({count(), classifier_.class_count()}, classifier_.text.options());
  for_each_block([&](std::int64_t first, const torch::Tensor& logits) {
    all.narrow(/*dim=*/0, first, logits.size(0)).copy_(value(logits));
  });
  return all;
}

torch::Tensor QueryLogits::mean_probabilities(const torch::Tensor& bias) const {
  const torch::Tensor sums = torch::zeros({blocks(), bias.size(0)}, torch::kDouble);  // of each block
  for_each_block([&](std::int64_t first, const torch::Tensor& logits) {
    sums[first / kBlock] = (logits + bias).softmax(/*dim=*/1).sum(/*dim=*/0);  // float64, because bias is
  });
  torch::Tensor total = torch::zeros({bias.size(0)}, torch::kDouble);
  for (std::int64_t block = 0; block < blocks(); ++block) total += sums[block];
  return total / static_cast<double>(count());
}

}  // namespace adapting
