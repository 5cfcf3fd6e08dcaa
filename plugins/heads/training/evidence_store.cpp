#include "evidence_store.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace trefoil::training {

EvidenceStore::EvidenceStore(EvidenceSource source, const Examples& examples, Workers& workers, std::int64_t bytes)
    : source_(std::move(source)), numbers_(static_cast<std::size_t>(std::max(kBlock, examples.count()))) {
  std::iota(numbers_.begin(), numbers_.end(), 0);
  for (int worker = 0; worker < workers.count(); ++worker) scratch_.push_back(source_.room(kBlock));
  const std::int64_t bytes_of_row = scratch_.front().bytes() / kBlock;
  const std::int64_t views = std::min(examples.view_count(), bytes / (bytes_of_row * examples.count()));
  for (std::int64_t view = 0; view < views; ++view) {
    views_.push_back(source_.room(examples.count()));
    compute_view(view, workers);
  }
}

void EvidenceStore::compute_view(std::int64_t view, Workers& workers) {
  const Evidence& evidence = views_[static_cast<std::size_t>(view)];
  const std::int64_t total = evidence.logits.size(0);
  workers.run(blocks_of(total), [&](std::int64_t task, int worker) {
    const std::int64_t first = task * kBlock;
    const std::int64_t count = std::min(kBlock, total - first);
    const Rows rows{view, numbers_.data() + first, count, first, total};
    source_.compute(rows, evidence.narrow(first, count), worker);
  });
}

EvidenceStore::Found EvidenceStore::find(const Rows& rows, int worker) const {
  if (rows.view < static_cast<std::int64_t>(views_.size())) {
    return {views_[static_cast<std::size_t>(rows.view)], rows.index};
  }
  const Evidence& evidence = scratch_[static_cast<std::size_t>(worker)];
  source_.compute(rows, evidence, worker);
  return {evidence, numbers_.data()};
}

}  // namespace trefoil::training
