#include "features/digest_index.h"

#include <cstring>

namespace trefoil::features {

namespace {

constexpr std::size_t kFirstPlaces = 1024;

std::size_t hash_of(const base::Digest& item) {
  std::size_t hash = 0;  // the bytes of a SHA-256 are evenly distributed
  std::memcpy(&hash, item.data(), sizeof(hash));
  return hash;
}

}  // namespace

template <typename Visit>
void DigestIndex::visit(const base::Digest& item, Visit visit) const {
  if (places_.empty()) return;
  const std::size_t mask = places_.size() - 1;
  for (std::size_t place = hash_of(item) & mask; places_[place] != 0; place = (place + 1) & mask) {
    const std::size_t index = places_[place] - 1;
    const Entry& entry = entries_[index];
    if (entry.row.shard >= 0 && entry.item == item && visit(index)) return;
  }
}

std::size_t DigestIndex::empty_place(const base::Digest& item) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = hash_of(item) & mask;
  while (places_[place] != 0) place = (place + 1) & mask;
  return place;
}

void DigestIndex::add(const base::Digest& item, RowRef row) {
  if (2 * (entries_.size() + 1) > places_.size()) grow();  // at most half of the places are taken
  entries_.push_back({item, row});
  places_[empty_place(item)] = static_cast<std::uint32_t>(entries_.size());
}

std::optional<RowRef> DigestIndex::find(const base::Digest& item) const {
  std::optional<RowRef> found;
  visit(item, [&](std::size_t index) {
    found = entries_[index].row;
    return true;
  });
  return found;
}

void DigestIndex::remove(const base::Digest& item, RowRef row) {
  visit(item, [&](std::size_t index) {
    RowRef& entry = entries_[index].row;
    if (entry.shard != row.shard || entry.row != row.row) return false;
    entry.shard = -1;
    return true;
  });
}

void DigestIndex::grow() {
  std::vector<std::uint32_t>(places_.empty() ? kFirstPlaces : 2 * places_.size()).swap(places_);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    places_[empty_place(entries_[i].item)] = static_cast<std::uint32_t>(i + 1);
}

}  // namespace trefoil::features
