#include "pipeline/classify.h"

#include <ATen/ops/zeros.h>

#include <algorithm>

#include "pipeline/blocks.h"
#include "plugins/instance.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

namespace {

// Queries in a block: as many as keep the affinities and logits of one thread near 16 MiB. Never depends on the
// threads.
std::int64_t block_size(const Classifier& classifier) {
  constexpr std::int64_t kNumbers = std::int64_t{4} << 20U;
  const std::int64_t per_query = classifier.class_count() + classifier.key_count() + 2 * classifier.width();
  return std::clamp<std::int64_t>(kNumbers / per_query, 16, 1024);
}

// log P(class) [C] by the keys, every class counted once more so that none is impossible: all that is known of an image
// that could not be read.
torch::Tensor log_prior(const Classifier& classifier) {
  const std::int64_t classes = classifier.class_count();
  const torch::Tensor counts =
      classifier.key_count() > 0 ? class_counts(classifier.labels, classes) : torch::zeros({classes}, torch::kLong);
  const torch::Tensor weight = (counts + 1).to(classifier.text.scalar_type());
  return (weight / weight.sum()).log();
}

}  // namespace

void classify(const data::Queries& queries, const Classifier& classifier, const std::string& maker,
              const Compute& compute, Observer& observer, const std::function<void(const ClassifiedBlock&)>& consume) {
  const Classifier placed = classifier.to(compute.device);
  const torch::Tensor prior = log_prior(classifier);
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const data::QueryBlock block = queries.read(first, count);
    torch::Tensor logits = plugins::guarded(
        maker, "logits", [&] { return placed.logits(block.features.to(compute.device)).to(torch::kCPU); });
    plugins::check_logits(logits, count, classifier.class_count(), maker);
    for (const std::int64_t row : block.unreadable) logits[row] = prior;
    return ClassifiedBlock{first, rank(logits), block.labels};
  };
  in_blocks(queries.count(), block_size(classifier), compute.threads, work, [&](const ClassifiedBlock& block) {
    consume(block);
    observer.progress("classify", block.first + static_cast<std::int64_t>(block.top.size()), queries.count());
  });
}

}  // namespace trefoil::pipeline
