// DigestIndex: the rows of a store by the SHA-256 of their items, for many millions of them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/sha256.h"

namespace trefoil::features {

// A row of a shard, which has one feature.
struct RowRef {
  std::int32_t shard = 0;
  std::int32_t row = 0;
};

// A hash table with open addressing. An item takes 40 bytes for its SHA-256 and its row, and at most 16 for its places
// in the table; std::unordered_map takes about twice as much. Items may have several rows. At most 2^32 - 1 rows.
class DigestIndex {
 public:
  void add(const base::Digest& item, RowRef row);

  // Returns the row of the item that was added first, of those that were not removed.
  std::optional<RowRef> find(const base::Digest& item) const;

  // Removes this row of the item, if it is there.
  void remove(const base::Digest& item, RowRef row);

 private:
  struct Entry {
    base::Digest item{};
    RowRef row;  // row.shard is -1 when the entry was removed
  };

  // Calls visit(entry) for the entries of the item in the order of their addition, until it returns true.
  template <typename Visit>
  void visit(const base::Digest& item, Visit visit) const;
  // Returns the first empty place for the item.
  std::size_t empty_place(const base::Digest& item) const;
  void grow();

  std::deque<Entry> entries_;          // in pieces, so that growing needs no copy of all
  std::vector<std::uint32_t> places_;  // a power of two; 1 + index of an entry, or 0 when the place is empty
};

}  // namespace trefoil::features
