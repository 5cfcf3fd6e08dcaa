// CLIP's byte-pair vocabulary: the symbols that text is made of, and which of them merge.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <unordered_map>

namespace clip {

inline constexpr std::string_view kStartToken = "<|startoftext|>";
inline constexpr std::string_view kEndToken = "<|endoftext|>";

struct Vocabulary {
  struct Merge {
    std::int32_t rank;    // the lowest goes first
    std::int32_t symbol;  // what the pair becomes
  };

  // Null when the two symbols do not merge.
  const Merge* find_merge(std::int32_t left, std::int32_t right) const;

  std::array<std::int32_t, 256> bytes{};       // the symbol of each byte inside a word
  std::array<std::int32_t, 256> last_bytes{};  // and at the end of one
  std::unordered_map<std::uint64_t, Merge> merges;
  std::int32_t start_token = 0;
  std::int32_t end_token = 0;
  std::int32_t size = 0;
};

// Reads OpenAI's bpe_simple_vocab_16e6.txt.gz (or .txt, unpacked), or a folder that holds it, or one that holds Hugging
// Face's vocab.json and merges.txt: both count, so both have to be in what the path names. A file merges.txt by itself
// numbers its symbols in OpenAI's order, however many it has. Throws std::runtime_error when a file is missing,
// damaged, or not what it should be.
Vocabulary read_vocabulary(const std::filesystem::path& path);

}  // namespace clip
