#include "pipeline/classify.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

#include "runtime/affinity.h"
#include "runtime/blocks.h"
#include "runtime/instance.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

namespace {

// The number of queries in a block, such that the affinities and logits of one thread take about 16 MiB. It does not
// depend on the number of threads.
std::int64_t block_size(const Classifier& classifier) {
  constexpr std::int64_t kElements = std::int64_t{4} << 20U;
  const std::int64_t per_query = classifier.class_count() + classifier.key_count() + 2 * classifier.width();
  return std::clamp<std::int64_t>(kElements / per_query, 16, 1024);
}

// log P(class) [C], estimated from the numbers of keys with one added to each class. It replaces the logits of an image
// that could not be read.
torch::Tensor log_prior(const Classifier& classifier) {
  const std::int64_t classes = classifier.class_count();
  const torch::Tensor counts =
      classifier.key_count() > 0 ? class_counts(classifier.labels, classes) : torch::zeros({classes}, torch::kLong);
  const torch::Tensor weight = (counts + 1).to(classifier.text.scalar_type());
  return (weight / weight.sum()).log();
}

// The indices of the classifiers, sorted by β and then by γ, as FamilyLogits computes them fastest.
std::vector<std::size_t> by_beta_and_gamma(const std::vector<Classifier>& family) {
  std::vector<std::size_t> order(family.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(family[a].beta, family[a].gamma) < std::tie(family[b].beta, family[b].gamma);
  });
  return order;
}

// The likelihood of each row of the block.
std::vector<std::optional<Likelihood>> likelihoods_of(const torch::Tensor& logits, const data::QueryBlock& block) {
  if (!block.labels.defined()) return {};
  const std::vector<Likelihood> of_rows = likelihoods(logits, block.labels);
  std::vector<std::optional<Likelihood>> result(of_rows.begin(), of_rows.end());
  for (const std::int64_t row : block.unreadable) result[static_cast<std::size_t>(row)].reset();
  return result;
}

}  // namespace

void classify(const data::Queries& queries, const std::vector<Adapted>& family, const std::string& plugin_label,
              const runtime::Compute& compute, runtime::Observer& observer, const std::vector<BlockConsumer>& consume) {
  std::vector<Classifier> placed;
  placed.reserve(family.size());
  for (const Adapted& member : family) placed.push_back(member.classifier.to(compute.device));
  const Classifier& front = family.front().classifier;
  const torch::Tensor prior = log_prior(front);
  const bool shares = family.size() > 1 && std::all_of(family.begin(), family.end(), [&](const Adapted& member) {
                        return !member.logits && differ_in_cache_hyperparameters_only(member.classifier, front);
                      });
  const std::vector<std::size_t> order = by_beta_and_gamma(placed);
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const data::QueryBlock block = queries.read(first, count);
    const torch::Tensor features = block.features.to(compute.device);
    std::optional<FamilyLogits> shared;
    if (shares)
      shared.emplace(runtime::guarded(plugin_label, "logits", [&] { return similarities(placed.front(), features); }));
    std::vector<ClassifiedBlock> classified(placed.size());
    for (const std::size_t index : order) {
      const Classifier& member = placed[index];
      torch::Tensor rows = runtime::guarded(plugin_label, "logits", [&] {
        if (family[index].logits) return family[index].logits(first, count);
        return (shared ? shared->of(member) : member.logits(features)).to(torch::kCPU);
      });
      runtime::check_logits(rows, count, member.class_count(), plugin_label);
      if (!block.unreadable.empty()) rows = rows.clone();  // another member may share the tensor
      for (const std::int64_t row : block.unreadable) rows[row] = prior;
      classified[index] = {first, rank(rows), block.labels, likelihoods_of(rows, block)};
    }
    return classified;
  };
  runtime::in_blocks(
      queries.count(), block_size(front), compute.threads, work, [&](const std::vector<ClassifiedBlock>& blocks) {
        for (std::size_t member = 0; member < blocks.size(); ++member) consume[member](blocks[member]);
        const ClassifiedBlock& last = blocks.front();
        observer.progress("classify", last.first + static_cast<std::int64_t>(last.top.size()), queries.count());
      });
}

}  // namespace trefoil::pipeline
