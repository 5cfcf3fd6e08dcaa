#include "tokenizer.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "text_cleaning.h"

namespace trefoil::clip {

namespace {

enum class Kind { letter, digit, white_space, other };

Kind kind_of(UChar32 code) {
  const std::uint32_t category = U_GET_GC_MASK(code);
  if ((category & U_GC_L_MASK) != 0) return Kind::letter;
  if ((category & U_GC_N_MASK) != 0) return Kind::digit;
  return u_isUWhiteSpace(code) != 0 ? Kind::white_space : Kind::other;
}

// Words that are taken whole wherever they start.
constexpr std::u16string_view kFixedWords[] = {
    u"<|startoftext|>", u"<|endoftext|>", u"'s", u"'t", u"'re", u"'ve", u"'m", u"'ll", u"'d"};

// The length of the fixed word that starts at `begin`, whatever its case; 0 when none does.
std::int32_t fixed_word_length(const icu::UnicodeString& text, std::int32_t begin) {
  for (const std::u16string_view word : kFixedWords) {
    const auto length = static_cast<std::int32_t>(word.size());
    if (text[begin] == word.front() &&
        text.caseCompare(begin, length, word.data(), 0, length, U_FOLD_CASE_DEFAULT) == 0)
      return length;
  }
  return 0;
}

// Where the word ends that starts at `begin`: a fixed word, a digit alone, or a run of one kind. This is CLIP's regular
// expression, <|startoftext|>|<|endoftext|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+, but that a run of
// white space is a word too.
std::int32_t word_end(const icu::UnicodeString& text, std::int32_t begin) {
  const std::int32_t fixed = fixed_word_length(text, begin);
  if (fixed > 0) return begin + fixed;
  const Kind kind = kind_of(text.char32At(begin));
  std::int32_t end = text.moveIndex32(begin, 1);
  if (kind == Kind::digit) return end;
  while (end < text.length() && kind_of(text.char32At(end)) == kind) end = text.moveIndex32(end, 1);
  return end;
}

struct Pair {
  std::int32_t left;
  std::int32_t right;
  std::int32_t merged;
};

// The pair of neighbours that merges before all others. False when no two merge.
bool find_first_merge(const Vocabulary& vocabulary, const std::vector<std::int32_t>& word, Pair& first) {
  const Vocabulary::Merge* best = nullptr;
  for (std::size_t i = 1; i < word.size(); ++i) {
    const Vocabulary::Merge* merge = vocabulary.find_merge(word[i - 1], word[i]);
    if (merge == nullptr || (best != nullptr && best->rank <= merge->rank)) continue;
    best = merge;
    first = {word[i - 1], word[i], merge->symbol};
  }
  return best != nullptr;
}

// Merges the pair wherever it stands, from left to right.
void merge_all(std::vector<std::int32_t>& word, const Pair& pair) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < word.size(); ++kept) {
    const bool here = i + 1 < word.size() && word[i] == pair.left && word[i + 1] == pair.right;
    word[kept] = here ? pair.merged : word[i];
    i += here ? 2 : 1;
  }
  word.resize(kept);
}

std::vector<std::int32_t> encode_word(const Vocabulary& vocabulary, std::string_view bytes) {
  if (bytes == kStartToken) return {vocabulary.start_token};
  if (bytes == kEndToken) return {vocabulary.end_token};
  std::vector<std::int32_t> word;
  for (const char byte : bytes) word.push_back(vocabulary.bytes[static_cast<unsigned char>(byte)]);
  word.back() = vocabulary.last_bytes[static_cast<unsigned char>(bytes.back())];
  for (Pair pair{}; find_first_merge(vocabulary, word, pair);) merge_all(word, pair);
  return word;
}

}  // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary, std::int64_t context_length)
    : vocabulary_(std::move(vocabulary)), context_length_(context_length) {
  if (context_length < 2) {
    throw std::runtime_error("a context of " + std::to_string(context_length) +
                             " tokens has no room for the start and the end token: make it 2 or more");
  }
}

Tokenizer::Tokens Tokenizer::encode(std::string_view text) const {
  const icu::UnicodeString cleaned = clean_text(text);
  const auto room = static_cast<std::size_t>(context_length_);
  Tokens tokens{{start_token()}, false};
  // Once the context is full, the rest of the text changes nothing.
  for (std::int32_t begin = 0, end = 0; begin < cleaned.length() && tokens.ids.size() < room; begin = end) {
    end = word_end(cleaned, begin);
    if (cleaned[begin] == u' ') continue;
    std::string bytes;
    const std::vector<std::int32_t> word =
        encode_word(vocabulary_, cleaned.tempSubStringBetween(begin, end).toUTF8String(bytes));
    tokens.ids.insert(tokens.ids.end(), word.begin(), word.end());
  }
  tokens.ids.push_back(end_token());
  tokens.cut = tokens.ids.size() > room;
  tokens.ids.resize(room, 0);
  if (tokens.cut) tokens.ids.back() = end_token();
  return tokens;
}

}  // namespace trefoil::clip
