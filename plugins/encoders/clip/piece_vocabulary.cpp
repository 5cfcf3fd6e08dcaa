#include "piece_vocabulary.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bounded_json.h"
#include "hugging_face_vocabulary.h"
#include "merged_pieces.h"
#include "piece_tokenizer.h"
#include "refuse_file.h"
#include "unigram.h"

namespace clip {

namespace {

using Json = nlohmann::json;
using Path = std::filesystem::path;

// Bounds the time for a text. SentencePiece's pieces have at most 16 characters by default.
constexpr std::size_t kLongestPiece = 256;  // bytes

// Returns null if there is no such key.
const Json& value_at(const Json& parent, const char* key) {
  static const Json kNull;
  const auto found = parent.find(key);
  return found == parent.end() ? kNull : *found;
}

// Hugging Face's older files state add_prefix_space, newer ones prepend_scheme.
Metaspace metaspace_of(const Json& step, const Path& file) {
  if (value_at(step, "replacement") != Json("▁")) {
    refuse_file(file, "its pre_tokenizer does not replace a space by '▁': use the file of a SigLIP model");
  }
  const Json& scheme = value_at(step, "prepend_scheme");
  return {scheme.is_string() ? scheme != Json("never") : flag_at(step, "add_prefix_space", true),
          flag_at(step, "split", true)};
}

// WhitespaceSplit and the Split at spaces change nothing here: white space is single spaces by then, or has become "▁".
void read_pre_tokenizer(const Json& step, const Path& file, std::optional<Metaspace>& metaspace) {
  if (step.is_null()) return;
  const std::string type = step.is_object() ? text_at(step, "type", "") : "";
  if (type == "Sequence") {
    for (const Json& inner : value_at(step, "pretokenizers")) read_pre_tokenizer(inner, file, metaspace);
  } else if (type == "Metaspace") {
    metaspace = metaspace_of(step, file);
  } else if (type != "WhitespaceSplit" && type != "Split") {
    refuse_file(file, "the pre_tokenizer '" + type + "' is not supported: use the file of a SigLIP model");
  }
}

ScoredPiece scored_piece(const Json& entry, std::size_t number, const Path& file) {
  const auto refuse = [&](const char* problem) {
    refuse_file(file,
                "piece " + std::to_string(number) + " of its vocabulary " + problem + ": download the file again");
  };
  if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number()) {
    refuse("is not a text and its score");
  }
  ScoredPiece piece{entry[0].get<std::string>(), entry[1].get<double>()};
  if (piece.text.empty()) refuse("is empty");
  if (piece.text.size() > kLongestPiece) refuse("is longer than 256 bytes");
  if (!std::isfinite(piece.score)) refuse("has a score that is not finite");
  return piece;
}

std::vector<ScoredPiece> scored_pieces(const Json& list, const Path& file) {
  if (!list.is_array() || list.empty()) {
    refuse_file(file, "its model has no list 'vocab' of pieces and scores: download the file again");
  }
  std::vector<ScoredPiece> pieces;
  pieces.reserve(list.size());
  for (const Json& entry : list) pieces.push_back(scored_piece(entry, pieces.size(), file));
  return pieces;
}

SymbolIds ids_of(const std::vector<ScoredPiece>& pieces, const Path& file) {
  SymbolIds ids;
  ids.reserve(pieces.size());
  for (const ScoredPiece& piece : pieces) {
    if (!ids.emplace(piece.text, static_cast<std::int32_t>(ids.size())).second) {
      refuse_file(file, "the piece " + Json(piece.text).dump() + " is there twice: download the file again");
    }
  }
  return ids;
}

std::int32_t required_piece(const SymbolIds& ids, const char* piece, const Path& file) {
  const std::int32_t id = find_symbol(ids, piece);
  if (id == kNoSymbol) {
    refuse_file(file, std::string("the piece ") + piece + " is missing: use the file of a SigLIP model");
  }
  return id;
}

BytePieces byte_pieces(const Json& model, std::int32_t unknown, const SymbolIds& ids) {
  if (!flag_at(model, "byte_fallback", false)) return BytePieces(unknown);
  return {unknown, [&](const std::string& piece) {
            const std::int32_t id = find_symbol(ids, piece);
            return id == kNoSymbol ? std::nullopt : std::optional(id);
          }};
}

PieceRules rules_of(const Json& tokenizer, const SymbolIds& ids, const Path& file) {
  PieceRules rules;
  rules.vocabulary_size = static_cast<std::int64_t>(ids.size());
  read_pre_tokenizer(value_at(tokenizer, "pre_tokenizer"), file, rules.metaspace);
  return rules;
}

std::unique_ptr<Tokenizer> make_unigram(const Json& tokenizer, const Path& file, std::int64_t context_length) {
  const Json& model = tokenizer.at("model");
  const std::vector<ScoredPiece> pieces = scored_pieces(value_at(model, "vocab"), file);
  const SymbolIds ids = ids_of(pieces, file);
  const Json& unknown = value_at(model, "unk_id");
  if (!unknown.is_number_integer() || unknown < 0 || unknown >= pieces.size()) {
    refuse_file(file, "'unk_id' must be a whole number from 0 to " + std::to_string(pieces.size() - 1) +
                          ": download the file again");
  }
  PieceRules rules = rules_of(tokenizer, ids, file);
  rules.removes_punctuation = true;
  rules.end_token = rules.padding = required_piece(ids, "</s>", file);
  auto segmenter = std::make_unique<Unigram>(pieces, byte_pieces(model, unknown.get<std::int32_t>(), ids));
  return std::make_unique<PieceTokenizer>(rules, TextNormalizer(value_at(tokenizer, "normalizer"), file),
                                          std::move(segmenter), context_length);
}

std::unordered_map<std::string, std::int32_t> single_characters(const SymbolIds& ids) {
  std::unordered_map<std::string, std::int32_t> characters;
  for (const auto& [piece, id] : ids) {
    if (!piece.empty() && character_length(piece.front()) == piece.size()) characters.emplace(piece, id);
  }
  return characters;
}

std::unique_ptr<Tokenizer> make_byte_pairs(const Json& tokenizer, const Path& file, std::int64_t context_length) {
  const SymbolsAndMerges symbols = symbols_and_merges(tokenizer, file);
  PieceRules rules = rules_of(tokenizer, symbols.ids, file);
  rules.end_token = required_piece(symbols.ids, "<eos>", file);
  rules.padding = required_piece(symbols.ids, "<pad>", file);
  const BytePieces unknown =
      byte_pieces(tokenizer.at("model"), required_piece(symbols.ids, "<unk>", file), symbols.ids);
  auto segmenter = std::make_unique<MergedPieces>(single_characters(symbols.ids),
                                                  pair_merges(symbols.ids, symbols.merges(), file), unknown);
  return std::make_unique<PieceTokenizer>(rules, TextNormalizer(value_at(tokenizer, "normalizer"), file),
                                          std::move(segmenter), context_length);
}

bool is_unigram(const Json& tokenizer) { return tokenizer_model_type(tokenizer) == "Unigram"; }

}  // namespace

bool holds_pieces(const Json& tokenizer) {
  const bool byte_pairs = tokenizer_model_type(tokenizer) == "BPE" && !ends_words(tokenizer) &&
                          flag_at(tokenizer.at("model"), "byte_fallback", false);
  return byte_pairs || is_unigram(tokenizer);
}

std::unique_ptr<Tokenizer> make_piece_tokenizer(const Json& tokenizer, const Path& file, std::int64_t context_length) {
  return is_unigram(tokenizer) ? make_unigram(tokenizer, file, context_length)
                               : make_byte_pairs(tokenizer, file, context_length);
}

}  // namespace clip
