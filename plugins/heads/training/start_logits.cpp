#include "start_logits.h"

#include <ATen/ops/stack.h>

#include <numeric>

#include "fixed_terms.h"

namespace head_training {

namespace {

// Turns V matrices [M, n] into one [M V, n].
torch::Tensor interleaved(const std::vector<torch::Tensor>& views) {
  return torch::stack(views, /*dim=*/1).flatten(0, 1).contiguous();
}

}  // namespace

torch::Tensor all_rows(const Examples& examples) { return interleaved(examples.views); }

torch::Tensor all_labels(const Examples& examples) { return examples.labels.repeat_interleave(examples.view_count()); }

torch::Tensor start_logits(const trefoil::Classifier& start, const Examples& examples, bool masked,
                           parallel::Workers& workers) {
  const CacheTerms cache_terms = start.key_count() == 0 ? CacheTerms::none : CacheTerms::in_logits;
  const FixedTermsSource source(start, examples, cache_terms, masked, workers.count());
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(examples.count()));
  std::iota(numbers.begin(), numbers.end(), 0);
  std::vector<torch::Tensor> logits;
  for (std::int64_t view = 0; view < examples.view_count(); ++view) {
    const FixedTerms terms = source.allocate(examples.count());
    workers.run(blocks_of(examples.count()), [&](std::int64_t block, int worker) {
      const std::int64_t first = block * kBlock;
      const std::int64_t count = std::min(kBlock, examples.count() - first);
      source.compute({view, numbers.data() + first, count, first, examples.count()}, terms.narrow(first, count),
                     worker);
    });
    logits.push_back(terms.logits);
  }
  return interleaved(logits);
}

}  // namespace head_training
