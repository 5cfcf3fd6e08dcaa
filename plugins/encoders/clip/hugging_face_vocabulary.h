// The vocabulary files of Hugging Face: vocab.json and tokenizer.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "merge_lines.h"
#include "pair_merges.h"

namespace clip {

using SymbolIds = std::unordered_map<std::string, std::int32_t>;

constexpr std::int32_t kNoSymbol = -1;

// Returns the id of a symbol, or kNoSymbol.
std::int32_t find_symbol(const SymbolIds& ids, std::string_view symbol);

// Reads vocab.json, an object of symbols and their ids. Throws std::runtime_error that names the file if it is damaged,
// or if the ids are not 0, 1, … without gaps.
SymbolIds read_symbol_ids(const std::filesystem::path& path);

// Returns the merges under the ids of their symbols. Throws std::runtime_error that names the file if a symbol is not
// in the vocabulary, or if a merge is there twice.
PairMerges pair_merges(const SymbolIds& ids, const std::vector<MergeLine>& merges, const std::filesystem::path& path);

// Reads a tokenizer.json. Throws std::runtime_error that names the file if it is no JSON object with an object "model".
nlohmann::json read_tokenizer_json(const std::filesystem::path& path);

// Returns the type of the model in a tokenizer.json. Old files of byte-pair encoding do not state it.
std::string tokenizer_model_type(const nlohmann::json& tokenizer);

// Returns whether the model in a tokenizer.json marks the ends of words by "</w>", as CLIP's does.
bool ends_words(const nlohmann::json& tokenizer);

// A byte-pair encoding in a tokenizer.json.
struct SymbolsAndMerges {
  SymbolIds ids;
  std::vector<std::string> merge_texts;  // "left right", in the order of their ranks

  // The merges point into merge_texts. Their number is 0, because they have no lines.
  std::vector<MergeLine> merges() const;
};

// Throws std::runtime_error that names the file if it is damaged.
SymbolsAndMerges symbols_and_merges(const nlohmann::json& tokenizer, const std::filesystem::path& path);

}  // namespace clip
