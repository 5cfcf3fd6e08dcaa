#include "pair_merges.h"

#include <functional>
#include <queue>
#include <utility>

namespace clip {

namespace {

std::uint64_t key_of(std::int32_t left, std::int32_t right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U | static_cast<std::uint32_t>(right);
}

// The symbols of a word while they are merged. They form a linked list, so that each merge takes constant time.
class MergingWord {
 public:
  MergingWord(const PairMerges& merges, std::vector<std::int32_t> symbols)
      : merges_(merges), symbols_(std::move(symbols)) {
    const auto count = static_cast<std::int32_t>(symbols_.size());
    for (std::int32_t i = 0; i < count; ++i) {
      next_.push_back(i + 1 < count ? i + 1 : kNone);
      previous_.push_back(i - 1);
    }
    for (std::int32_t i = 0; i + 1 < count; ++i) offer(i);
  }

  // Skips offers whose symbols have been merged in the meantime.
  std::vector<std::int32_t> merged() {
    while (!offers_.empty()) {
      const auto [rank, left] = offers_.top();
      offers_.pop();
      const PairMerges::Merge* merge = symbols_[index(left)] == kNone ? nullptr : merge_at(left);
      if (merge == nullptr || merge->rank != rank) continue;
      merge_with_next(left, merge->symbol);
      offer(previous_[index(left)]);
      offer(left);
    }
    std::vector<std::int32_t> kept;
    for (const std::int32_t symbol : symbols_) {
      if (symbol != kNone) kept.push_back(symbol);
    }
    return kept;
  }

 private:
  static constexpr std::int32_t kNone = -1;
  using Offer = std::pair<std::int32_t, std::int32_t>;  // rank, position of the left symbol

  static std::size_t index(std::int32_t place) { return static_cast<std::size_t>(place); }

  const PairMerges::Merge* merge_at(std::int32_t left) const {
    const std::int32_t right = next_[index(left)];
    return right == kNone ? nullptr : merges_.find(symbols_[index(left)], symbols_[index(right)]);
  }

  void offer(std::int32_t left) {
    if (left == kNone) return;
    if (const PairMerges::Merge* merge = merge_at(left)) offers_.emplace(merge->rank, left);
  }

  void merge_with_next(std::int32_t left, std::int32_t symbol) {
    const std::int32_t right = next_[index(left)];
    symbols_[index(left)] = symbol;
    symbols_[index(right)] = kNone;
    next_[index(left)] = next_[index(right)];
    if (next_[index(left)] != kNone) previous_[index(next_[index(left)])] = left;
  }

  const PairMerges& merges_;
  std::vector<std::int32_t> symbols_;   // kNone: merged into the previous symbol
  std::vector<std::int32_t> next_;      // positions
  std::vector<std::int32_t> previous_;  // positions
  std::priority_queue<Offer, std::vector<Offer>, std::greater<>> offers_;
};

}  // namespace

bool PairMerges::add(std::int32_t left, std::int32_t right, std::int32_t symbol) {
  const auto rank = static_cast<std::int32_t>(merges_.size());
  return merges_.emplace(key_of(left, right), Merge{rank, symbol}).second;
}

const PairMerges::Merge* PairMerges::find(std::int32_t left, std::int32_t right) const {
  const auto found = merges_.find(key_of(left, right));
  return found == merges_.end() ? nullptr : &found->second;
}

std::vector<std::int32_t> PairMerges::merged(const std::vector<std::int32_t>& symbols) const {
  return MergingWord(*this, symbols).merged();
}

}  // namespace clip
