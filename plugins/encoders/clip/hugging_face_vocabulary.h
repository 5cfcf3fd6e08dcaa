// The vocabulary files of Hugging Face: vocab.json and tokenizer.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "merge_lines.h"

namespace clip {

using SymbolIds = std::unordered_map<std::string, std::int32_t>;

// Reads vocab.json, an object of symbols and their ids. Throws std::runtime_error that names the file if it is damaged,
// or if the ids are not 0, 1, … without gaps.
SymbolIds read_symbol_ids(const std::filesystem::path& path);

// The contents of a tokenizer.json.
struct SymbolsAndMerges {
  SymbolIds ids;
  std::vector<std::string> merge_texts;  // "left right", in the order of their ranks

  // The merges point into merge_texts. Their number is 0, because they have no lines.
  std::vector<MergeLine> merges() const;
};

// Reads a tokenizer.json. Throws std::runtime_error that names the file if it is damaged, or if its model is not a
// byte-pair encoding with CLIP's "</w>" at the end of words.
SymbolsAndMerges read_tokenizer_file(const std::filesystem::path& path);

}  // namespace clip
