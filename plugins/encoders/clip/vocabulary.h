// CLIP's byte-pair vocabulary: its symbols, and the pairs of symbols that merge.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "pair_merges.h"

namespace clip {

inline constexpr std::string_view kStartToken = "<|startoftext|>";
inline constexpr std::string_view kEndToken = "<|endoftext|>";

struct Vocabulary {
  std::array<std::int32_t, 256> bytes{};       // symbol of each byte inside a word
  std::array<std::int32_t, 256> last_bytes{};  // symbol of each byte at the end of a word
  PairMerges merges;
  std::int32_t start_token = 0;
  std::int32_t end_token = 0;
  std::int32_t size = 0;
};

// Reads one of these; throws std::runtime_error if a file is missing, damaged, or of another format:
//   - OpenAI's bpe_simple_vocab_16e6.txt.gz, or the decompressed .txt, or a folder that contains it;
//   - a folder with Hugging Face's vocab.json and merges.txt;
//   - Hugging Face's tokenizer.json, or a folder that contains it;
//   - a file merges.txt alone. Its symbols are numbered in OpenAI's order, with any number of merges.
// A path to vocab.json alone is an error: the stored features depend on the files that the path names, and merges.txt
// would not be one of them.
Vocabulary read_vocabulary(const std::filesystem::path& path);

// Returns the vocabulary in the contents of a tokenizer.json. `file` is used in messages.
Vocabulary vocabulary_of(const nlohmann::json& tokenizer, const std::filesystem::path& file);

// Returns `path` if it is a file, or the vocabulary file in it if it is a folder. Throws std::runtime_error if there is
// none.
std::filesystem::path vocabulary_file(const std::filesystem::path& path);

}  // namespace clip
