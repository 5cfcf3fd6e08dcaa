#include "hugging_face_vocabulary.h"

#include <nlohmann/json.hpp>

#include "bounded_json.h"
#include "refuse_file.h"

namespace clip {

namespace {

using Json = nlohmann::json;

constexpr std::uintmax_t kLargestVocabulary = 64U << 20U;  // bytes

SymbolIds symbol_ids(const Json& json, const std::filesystem::path& path) {
  if (!json.is_object()) refuse_file(path, "it is not a JSON object of symbols and integers: download it again");
  SymbolIds ids;
  ids.reserve(json.size());
  std::vector<bool> taken(json.size());
  const auto id_of = [](const std::string& symbol) { return "the id of " + Json(symbol).dump(); };
  for (const auto& [symbol, value] : json.items()) {
    if (!value.is_number_integer()) refuse_file(path, id_of(symbol) + " is not an integer: download the file again");
    const auto id = value.get<std::int64_t>();
    if (id < 0 || id >= static_cast<std::int64_t>(taken.size()) || taken[static_cast<std::size_t>(id)])
      refuse_file(path, id_of(symbol) + " is " + value.dump() + ": each of 0 to " + std::to_string(taken.size() - 1) +
                            " must occur once");
    taken[static_cast<std::size_t>(id)] = true;
    ids.emplace(symbol, static_cast<std::int32_t>(id));
  }
  return ids;
}

// Newer files write a merge as a list of two symbols, older files as a text with a space between them.
std::string merge_text(const Json& merge, std::size_t number, const std::filesystem::path& path) {
  const bool pair = merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string();
  std::string text = pair                ? merge[0].get<std::string>() + ' ' + merge[1].get<std::string>()
                     : merge.is_string() ? merge.get<std::string>()
                                         : "";
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || space == 0 || space + 1 == text.size() ||
      text.find(' ', space + 1) != std::string::npos) {
    refuse_file(path, "merge " + std::to_string(number) + " is not a pair of symbols: download the file again");
  }
  return text;
}

}  // namespace

std::int32_t find_symbol(const SymbolIds& ids, std::string_view symbol) {
  const auto found = ids.find(std::string(symbol));
  return found == ids.end() ? kNoSymbol : found->second;
}

PairMerges pair_merges(const SymbolIds& ids, const std::vector<MergeLine>& merges, const std::filesystem::path& path) {
  PairMerges result;
  result.reserve(merges.size());
  for (const MergeLine& merge : merges) {
    const std::int32_t left = find_symbol(ids, merge.left);
    const std::int32_t right = find_symbol(ids, merge.right);
    const std::int32_t symbol = find_symbol(ids, std::string(merge.left).append(merge.right));
    if (left == kNoSymbol || right == kNoSymbol || symbol == kNoSymbol)
      refuse_file(path, "a symbol of this merge is not in the vocabulary: use both files of one model", merge.number);
    if (!result.add(left, right, symbol))
      refuse_file(path, "this merge is also on an earlier line: download the file again", merge.number);
  }
  return result;
}

SymbolIds read_symbol_ids(const std::filesystem::path& path) {
  return symbol_ids(read_json_object(path, kLargestVocabulary), path);
}

std::vector<MergeLine> SymbolsAndMerges::merges() const {
  std::vector<MergeLine> lines;
  lines.reserve(merge_texts.size());
  for (const std::string_view text : merge_texts) {
    const std::size_t space = text.find(' ');
    lines.push_back({text.substr(0, space), text.substr(space + 1), 0});
  }
  return lines;
}

nlohmann::json read_tokenizer_json(const std::filesystem::path& path) {
  Json json = read_json_object(path, kLargestVocabulary);
  const auto model = json.find("model");
  if (model == json.end() || !model->is_object()) {
    refuse_file(path, "it has no object 'model', so it is not a tokenizer.json: check the path");
  }
  return json;
}

std::string tokenizer_model_type(const Json& tokenizer) { return text_at(tokenizer.at("model"), "type", "BPE"); }

bool ends_words(const Json& tokenizer) { return text_at(tokenizer.at("model"), "end_of_word_suffix", "") == "</w>"; }

SymbolsAndMerges symbols_and_merges(const Json& tokenizer, const std::filesystem::path& path) {
  const Json& model = tokenizer.at("model");
  const auto vocabulary = model.find("vocab");
  const auto merges = model.find("merges");
  if (vocabulary == model.end() || merges == model.end() || !merges->is_array()) {
    refuse_file(path, "its model has no 'vocab' or no list 'merges': download the file again");
  }
  SymbolsAndMerges file{symbol_ids(*vocabulary, path), {}};
  file.merge_texts.reserve(merges->size());
  for (std::size_t i = 0; i < merges->size(); ++i) file.merge_texts.push_back(merge_text((*merges)[i], i + 1, path));
  return file;
}

}  // namespace clip
