#include "pipeline/classify.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <optional>

#include "method/affinity.h"
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

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.is_same(b) || torch::equal(a, b));
}

// Whether what they share can be computed once. A relation may do as it likes with its α, so this is not taken for
// granted.
bool differ_in_strengths_only(const Classifier& a, const Classifier& b) {
  return !a.custom_logits && !b.custom_logits && same(a.text, b.text) && same(a.bias, b.bias) && same(a.keys, b.keys) &&
         same(a.labels, b.labels) && same(a.channels, b.channels) && a.renormalise == b.renormalise &&
         a.logit_scale == b.logit_scale;
}

}  // namespace

void classify(const data::Queries& queries, const std::vector<Classifier>& family, const std::string& maker,
              const Compute& compute, Observer& observer, const std::vector<BlockConsumer>& consume) {
  std::vector<Classifier> placed;
  for (const Classifier& member : family) placed.push_back(member.to(compute.device));
  const torch::Tensor prior = log_prior(family.front());
  const bool shares = family.size() > 1 && std::all_of(family.begin(), family.end(), [&](const Classifier& member) {
                        return differ_in_strengths_only(member, family.front());
                      });
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const data::QueryBlock block = queries.read(first, count);
    const torch::Tensor features = block.features.to(compute.device);
    std::optional<Similarities> shared;
    if (shares) shared = plugins::guarded(maker, "logits", [&] { return similarities(placed.front(), features); });
    std::vector<ClassifiedBlock> classified;
    for (const Classifier& member : placed) {
      torch::Tensor rows = plugins::guarded(maker, "logits", [&] {
        return (shared ? logits(member, *shared) : member.logits(features)).to(torch::kCPU);
      });
      plugins::check_logits(rows, count, member.class_count(), maker);
      for (const std::int64_t row : block.unreadable) rows[row] = prior;
      classified.push_back({first, rank(rows), block.labels});
    }
    return classified;
  };
  in_blocks(queries.count(), block_size(family.front()), compute.threads, work,
            [&](const std::vector<ClassifiedBlock>& blocks) {
              for (std::size_t member = 0; member < blocks.size(); ++member) consume[member](blocks[member]);
              const ClassifiedBlock& last = blocks.front();
              observer.progress("classify", last.first + static_cast<std::int64_t>(last.top.size()), queries.count());
            });
}

}  // namespace trefoil::pipeline
