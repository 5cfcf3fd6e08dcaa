#include "pipeline/classify.h"

#include <algorithm>

#include "pipeline/blocks.h"
#include "plugins/instance.h"

namespace trefoil::pipeline {

namespace {

// Queries in a block: as many as keep the affinities and logits of one thread near 16 MiB. Never depends on the
// threads.
std::int64_t block_size(const Classifier& classifier) {
  constexpr std::int64_t kNumbers = std::int64_t{4} << 20U;
  const std::int64_t per_query = classifier.class_count() + classifier.key_count() + 2 * classifier.width();
  return std::clamp<std::int64_t>(kNumbers / per_query, 16, 1024);
}

}  // namespace

void classify(const data::Queries& queries, const Classifier& classifier, const std::string& maker,
              const Compute& compute, Observer& observer, const std::function<void(const ClassifiedBlock&)>& consume) {
  const Classifier placed = classifier.to(compute.device);
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const data::QueryBlock block = queries.read(first, count);
    const torch::Tensor logits = plugins::guarded(
        maker, "logits", [&] { return placed.logits(block.features.to(compute.device)).to(torch::kCPU); });
    plugins::check_logits(logits, count, classifier.class_count(), maker);
    return ClassifiedBlock{first, rank(logits), block.labels};
  };
  in_blocks(queries.count(), block_size(classifier), compute.threads, work, [&](const ClassifiedBlock& block) {
    consume(block);
    observer.progress("classify", block.first + static_cast<std::int64_t>(block.top.size()), queries.count());
  });
}

}  // namespace trefoil::pipeline
