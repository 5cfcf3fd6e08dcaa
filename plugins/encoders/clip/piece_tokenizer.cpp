#include "piece_tokenizer.h"

#include <unicode/locid.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "text_cleaning.h"

namespace clip {

namespace {

constexpr std::string_view kWordStart = "▁";

// Python's string.punctuation, which SigLIP's tokenizer removes.
constexpr std::u16string_view kPunctuation = u"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

icu::UnicodeString without_punctuation(const icu::UnicodeString& text) {
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    if (kPunctuation.find(text[i]) == std::u16string_view::npos) kept.append(text[i]);
  }
  return kept;
}

std::string with_word_starts(const std::string& text, bool prefixes) {
  std::string marked;
  for (const char byte : text) {
    if (byte == ' ') {
      marked += kWordStart;
    } else {
      marked += byte;
    }
  }
  const bool lacks_prefix = !marked.empty() && marked.compare(0, kWordStart.size(), kWordStart) != 0;
  if (prefixes && lacks_prefix) marked.insert(0, kWordStart);
  return marked;
}

// Returns the end of the word that begins at `begin`: the next "▁", or the end of the text.
std::size_t word_end(std::string_view text, std::size_t begin) {
  return std::min(text.find(kWordStart, begin + 1), text.size());
}

}  // namespace

PieceTokenizer::PieceTokenizer(PieceRules rules, TextNormalizer normalizer, std::unique_ptr<Segmenter> segmenter,
                               std::int64_t context_length)
    : rules_(rules),
      normalizer_(std::move(normalizer)),
      segmenter_(std::move(segmenter)),
      context_length_(context_length) {
  if (context_length < 1)
    throw std::runtime_error("a context of no tokens is too short for the end token: use 1 or more");
}

std::string PieceTokenizer::normalized(std::string_view text) const {
  require_utf8(text);
  icu::UnicodeString changed = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  changed.toLower(icu::Locale::getRoot());
  if (rules_.removes_punctuation) changed = with_single_spaces(without_punctuation(changed));
  std::string bytes;
  normalizer_(changed).toUTF8String(bytes);
  return rules_.metaspace ? with_word_starts(bytes, rules_.metaspace->prefixes) : bytes;
}

Tokenizer::Tokens PieceTokenizer::encode(std::string_view text) const {
  const std::string changed = normalized(text);
  const std::string_view view = changed;
  const bool splits = rules_.metaspace && rules_.metaspace->splits;
  const auto room = static_cast<std::size_t>(context_length_);
  Tokens tokens;
  // The loop ends once the context is full.
  for (std::size_t begin = 0, end = 0; begin < view.size() && tokens.ids.size() < room; begin = end) {
    end = splits ? word_end(view, begin) : view.size();
    const std::vector<std::int32_t> pieces = (*segmenter_)(view.substr(begin, end - begin));
    tokens.ids.insert(tokens.ids.end(), pieces.begin(), pieces.end());
  }
  tokens.ids.push_back(rules_.end_token);
  tokens.cut = tokens.ids.size() > room;
  tokens.ids.resize(room, rules_.padding);
  if (tokens.cut) tokens.ids.back() = rules_.end_token;
  tokens.length = context_length_;
  return tokens;
}

}  // namespace clip
