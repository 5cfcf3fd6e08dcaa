// PairMerges: the pairs of symbols that byte-pair encoding merges.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace clip {

class PairMerges {
 public:
  struct Merge {
    std::int32_t rank;    // the lowest rank merges first
    std::int32_t symbol;  // the merged symbol
  };

  void reserve(std::size_t count) { merges_.reserve(count); }

  // Adds a merge with the next rank. Returns false if the pair merges already.
  bool add(std::int32_t left, std::int32_t right, std::int32_t symbol);

  // Returns nullptr if the two symbols do not merge.
  const Merge* find(std::int32_t left, std::int32_t right) const;

  std::size_t size() const { return merges_.size(); }

  // Byte-pair encoding: merges the pair of neighbours with the lowest rank, the first one of several, and repeats until
  // no pair merges. Takes O(n log n) for n symbols.
  std::vector<std::int32_t> merged(const std::vector<std::int32_t>& symbols) const;

 private:
  std::unordered_map<std::uint64_t, Merge> merges_;  // by both symbols
};

}  // namespace clip
