#include "vocabulary.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "hugging_face_vocabulary.h"
#include "merge_lines.h"
#include "packed_text.h"
#include "refuse_file.h"

namespace clip {

namespace {

// OpenAI's file has more merges than CLIP uses.
constexpr std::size_t kOpenAiMerges = 49152 - 256 - 2;

std::string merged(const MergeLine& merge) { return std::string(merge.left).append(merge.right); }

// Returns each byte with its symbol in vocabulary files. Bytes that are printable in Latin-1 stand for themselves; the
// others are code points from 256 on. The order is that of OpenAI's ids: printable bytes first.
std::vector<std::pair<unsigned char, std::string>> byte_symbols() {
  std::vector<std::pair<unsigned char, std::string>> printing;
  std::vector<std::pair<unsigned char, std::string>> others;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool prints = (byte > ' ' && byte < 0x7F) || (byte > 0xA0 && byte != 0xAD);
    const unsigned code = prints ? byte : 256 + static_cast<unsigned>(others.size());
    std::string symbol(1, static_cast<char>(code < 0x80 ? code : 0xC0U | code >> 6U));
    if (code >= 0x80) symbol += static_cast<char>(0x80U | (code & 0x3FU));
    (prints ? printing : others).emplace_back(static_cast<unsigned char>(byte), symbol);
  }
  printing.insert(printing.end(), others.begin(), others.end());
  return printing;
}

std::string at_end_of_word(const std::string& symbol) { return symbol + "</w>"; }

Vocabulary without_merges(const SymbolIds& ids, const std::filesystem::path& path) {
  const auto id = [&](std::string_view symbol) {
    const std::int32_t found = find_symbol(ids, symbol);
    if (found == kNoSymbol)
      refuse_file(path, "the symbol " + std::string(symbol) + " is missing: use the file of a CLIP model");
    return found;
  };
  Vocabulary vocabulary;
  for (const auto& [byte, symbol] : byte_symbols()) {
    vocabulary.bytes[byte] = id(symbol);
    vocabulary.last_bytes[byte] = id(at_end_of_word(symbol));
  }
  vocabulary.start_token = id(kStartToken);
  vocabulary.end_token = id(kEndToken);
  vocabulary.size = static_cast<std::int32_t>(ids.size());
  return vocabulary;
}

// Returns OpenAI's ids. Their order: bytes, bytes at the end of a word, merged symbols, start token, end token.
SymbolIds number_symbols(const std::vector<MergeLine>& merges, const std::filesystem::path& path) {
  SymbolIds ids;
  ids.reserve(merges.size() + 514);
  const auto add = [&ids](const std::string& symbol) {
    return ids.emplace(symbol, static_cast<std::int32_t>(ids.size())).second;
  };
  for (const auto& byte : byte_symbols()) add(byte.second);
  for (const auto& byte : byte_symbols()) add(at_end_of_word(byte.second));
  for (const MergeLine& merge : merges) {
    if (!add(merged(merge)))
      refuse_file(path, "an earlier line gives the same symbol: download the file again", merge.number);
  }
  add(std::string(kStartToken));
  add(std::string(kEndToken));
  return ids;
}

Vocabulary from_merges(const std::vector<MergeLine>& merges, const std::filesystem::path& path) {
  const SymbolIds ids = number_symbols(merges, path);
  Vocabulary vocabulary = without_merges(ids, path);
  vocabulary.merges = pair_merges(ids, merges, path);
  return vocabulary;
}

Vocabulary read_openai(const std::filesystem::path& path) {
  const std::string text = read_packed_text(path);
  const std::vector<std::string_view> lines = first_lines(text, kOpenAiMerges + 1);
  const std::size_t merge_count = lines.empty() ? 0 : lines.size() - 1;  // the first line is a comment
  if (merge_count < kOpenAiMerges) {
    refuse_file(path, "it has " + std::to_string(merge_count) + " merges, but CLIP needs " +
                          std::to_string(kOpenAiMerges) + ": download it again");
  }
  return from_merges(parse_merges(path, lines, 1), path);
}

// Reads a merges.txt alone. Its tokens are numbered in OpenAI's order.
Vocabulary read_merges(const std::filesystem::path& path) {
  const std::string text = read_packed_text(path);
  return from_merges(parse_merges_file(path, text), path);
}

// Reads vocab.json, and merges.txt beside it.
Vocabulary read_two_files(const std::filesystem::path& path) {
  const SymbolIds ids = read_symbol_ids(path);
  Vocabulary vocabulary = without_merges(ids, path);
  const std::filesystem::path merges_path = path.parent_path() / "merges.txt";
  const std::string text = read_packed_text(merges_path);
  vocabulary.merges = pair_merges(ids, parse_merges_file(merges_path, text), merges_path);
  return vocabulary;
}

bool has_sentence_piece_model(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "spiece.model") || std::filesystem::exists(folder / "tokenizer.model");
}

constexpr const char* kSaveTokenizer =
    ", which is not read here: save tokenizer.json with AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) "
    "of Hugging Face Transformers";

}  // namespace

std::filesystem::path vocabulary_file(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) refuse_file(path, "there is no such file or folder");
  if (path.extension() == ".model") refuse_file(path, std::string("it is a model of SentencePiece") + kSaveTokenizer);
  if (!std::filesystem::is_directory(path)) return path;
  for (const char* name :
       {"bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt", "vocab.json", "tokenizer.json"}) {
    if (std::filesystem::exists(path / name)) return path / name;
  }
  if (has_sentence_piece_model(path)) {
    refuse_file(path, std::string("the folder has only a model of SentencePiece") + kSaveTokenizer);
  }
  refuse_file(path,
              "the folder has neither bpe_simple_vocab_16e6.txt.gz nor vocab.json nor tokenizer.json: add one of them");
}

Vocabulary vocabulary_of(const nlohmann::json& tokenizer, const std::filesystem::path& file) {
  const std::string type = tokenizer_model_type(tokenizer);
  if (type != "BPE" || !ends_words(tokenizer)) {
    refuse_file(
        file,
        "its model is of type '" + type + "'" + (type == "BPE" ? " without CLIP's </w>" : "") +
            ", and CLIP needs a byte-pair encoding with </w> at the end of words: use the vocabulary of the model");
  }
  const SymbolsAndMerges symbols = symbols_and_merges(tokenizer, file);
  Vocabulary vocabulary = without_merges(symbols.ids, file);
  vocabulary.merges = pair_merges(symbols.ids, symbols.merges(), file);
  return vocabulary;
}

Vocabulary read_vocabulary(const std::filesystem::path& path) {
  const std::filesystem::path file = vocabulary_file(path);
  if (file.filename() == "tokenizer.json") return vocabulary_of(read_tokenizer_json(file), file);
  if (file.extension() == ".json" && file != path) return read_two_files(file);
  if (file.filename() == "merges.txt") return read_merges(file);
  if (file.extension() == ".gz" || file.extension() == ".txt") return read_openai(file);
  refuse_file(file,
              "this is not a vocabulary: name OpenAI's .txt.gz or .txt, the folder of Hugging Face's vocab.json "
              "and merges.txt, or tokenizer.json or merges.txt alone");
}

}  // namespace clip
