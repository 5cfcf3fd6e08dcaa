// BytePieces: the pieces "<0x00>" to "<0xFF>", which stand for the bytes of a character that is no piece.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clip {

class BytePieces {
 public:
  using Find = std::function<std::optional<std::int32_t>(const std::string& piece)>;

  // No bytes: an unknown text becomes one unknown piece.
  explicit BytePieces(std::int32_t unknown);

  // `find` returns the id of a piece, or nothing.
  BytePieces(std::int32_t unknown, const Find& find);

  // Appends the pieces of the bytes of an unknown text, or the unknown piece if one of the bytes has no piece.
  void append(std::string_view text, std::vector<std::int32_t>& ids) const;

 private:
  std::int32_t unknown_;
  std::vector<std::optional<std::int32_t>> ids_;  // [256], or empty
};

}  // namespace clip
