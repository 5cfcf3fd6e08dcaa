#include "fixed_terms_store.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace head_training {

FixedTermsStore::FixedTermsStore(FixedTermsSource source, const Examples& examples, parallel::Workers& workers,
                                 std::int64_t bytes)
    : source_(std::move(source)), row_numbers_(static_cast<std::size_t>(std::max(kBlock, examples.count()))) {
  std::iota(row_numbers_.begin(), row_numbers_.end(), 0);
  for (int worker = 0; worker < workers.count(); ++worker) scratch_.push_back(source_.allocate(kBlock));
  const std::int64_t bytes_of_row = scratch_.front().bytes() / kBlock;
  const std::int64_t views = std::min(examples.view_count(), bytes / (bytes_of_row * examples.count()));
  for (std::int64_t view = 0; view < views; ++view) {
    views_.push_back(source_.allocate(examples.count()));
    compute_view(view, workers);
  }
}

void FixedTermsStore::compute_view(std::int64_t view, parallel::Workers& workers) {
  const FixedTerms& terms = views_[static_cast<std::size_t>(view)];
  const std::int64_t total = terms.logits.size(0);
  workers.run(blocks_of(total), [&](std::int64_t task, int worker) {
    const std::int64_t first = task * kBlock;
    const std::int64_t count = std::min(kBlock, total - first);
    const Rows rows{view, row_numbers_.data() + first, count, first, total};
    source_.compute(rows, terms.narrow(first, count), worker);
  });
}

FixedTermsStore::Found FixedTermsStore::find(const Rows& rows, int worker) const {
  if (rows.view < static_cast<std::int64_t>(views_.size())) {
    return {views_[static_cast<std::size_t>(rows.view)], rows.index};
  }
  const FixedTerms& terms = scratch_[static_cast<std::size_t>(worker)];
  source_.compute(rows, terms, worker);
  return {terms, row_numbers_.data()};
}

}  // namespace head_training
