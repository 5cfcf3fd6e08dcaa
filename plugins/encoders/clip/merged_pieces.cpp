#include "merged_pieces.h"

#include <utility>

namespace clip {

MergedPieces::MergedPieces(std::unordered_map<std::string, std::int32_t> characters, PairMerges merges,
                           BytePieces unknown)
    : characters_(std::move(characters)), merges_(std::move(merges)), unknown_(std::move(unknown)) {}

std::vector<std::int32_t> MergedPieces::operator()(std::string_view text) const {
  std::vector<std::int32_t> symbols;
  symbols.reserve(text.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::string character(text.substr(begin, character_length(text[begin])));
    const auto found = characters_.find(character);
    if (found != characters_.end()) {
      symbols.push_back(found->second);
    } else {
      unknown_.append(character, symbols);
    }
    begin += character.size();
  }
  return merges_.merged(symbols);
}

}  // namespace clip
