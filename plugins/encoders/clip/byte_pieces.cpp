#include "byte_pieces.h"

#include <algorithm>

namespace clip {

BytePieces::BytePieces(std::int32_t unknown) : unknown_(unknown) {}

BytePieces::BytePieces(std::int32_t unknown, const Find& find) : unknown_(unknown) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (std::size_t byte = 0; byte < 256; ++byte) {
    ids_.push_back(find(std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + '>'));
  }
}

void BytePieces::append(std::string_view text, std::vector<std::int32_t>& ids) const {
  const auto id_of = [&](char byte) { return ids_[static_cast<unsigned char>(byte)]; };
  const bool known = !ids_.empty() && std::all_of(text.begin(), text.end(), [&](char byte) { return id_of(byte); });
  if (!known) {
    ids.push_back(unknown_);
    return;
  }
  for (const char byte : text) ids.push_back(*id_of(byte));
}

}  // namespace clip
