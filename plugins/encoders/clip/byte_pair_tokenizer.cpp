#include "byte_pair_tokenizer.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "text_cleaning.h"

namespace clip {

namespace {

enum class Kind { letter, digit, white_space, other };

Kind kind_of(UChar32 code) {
  const std::uint32_t category = U_GET_GC_MASK(code);
  if ((category & U_GC_L_MASK) != 0) return Kind::letter;
  if ((category & U_GC_N_MASK) != 0) return Kind::digit;
  return u_isUWhiteSpace(code) != 0 ? Kind::white_space : Kind::other;
}

// Strings that always form a word of their own.
constexpr std::u16string_view kFixedWords[] = {
    u"<|startoftext|>", u"<|endoftext|>", u"'s", u"'t", u"'re", u"'ve", u"'m", u"'ll", u"'d"};

// Returns the length of the fixed word that starts at `begin`, in upper or lower case; 0 if there is none.
std::int32_t fixed_word_length(const icu::UnicodeString& text, std::int32_t begin) {
  for (const std::u16string_view word : kFixedWords) {
    const auto length = static_cast<std::int32_t>(word.size());
    if (text[begin] == word.front() &&
        text.caseCompare(begin, length, word.data(), 0, length, U_FOLD_CASE_DEFAULT) == 0)
      return length;
  }
  return 0;
}

// Returns the end of the word that starts at `begin`: a fixed word, a single digit, or a run of one kind. This is
// CLIP's regular expression, <|startoftext|>|<|endoftext|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+,
// except that a run of white space is a word too.
std::int32_t word_end(const icu::UnicodeString& text, std::int32_t begin) {
  const std::int32_t fixed = fixed_word_length(text, begin);
  if (fixed > 0) return begin + fixed;
  const Kind kind = kind_of(text.char32At(begin));
  std::int32_t end = text.moveIndex32(begin, 1);
  if (kind == Kind::digit) return end;
  while (end < text.length() && kind_of(text.char32At(end)) == kind) end = text.moveIndex32(end, 1);
  return end;
}

std::vector<std::int32_t> encode_word(const Vocabulary& vocabulary, std::string_view bytes) {
  if (bytes == kStartToken) return {vocabulary.start_token};
  if (bytes == kEndToken) return {vocabulary.end_token};
  std::vector<std::int32_t> word;
  for (const char byte : bytes) word.push_back(vocabulary.bytes[static_cast<unsigned char>(byte)]);
  word.back() = vocabulary.last_bytes[static_cast<unsigned char>(bytes.back())];
  return vocabulary.merges.merged(word);
}

}  // namespace

BytePairTokenizer::BytePairTokenizer(Vocabulary vocabulary, std::int64_t context_length)
    : vocabulary_(std::move(vocabulary)), context_length_(context_length) {
  if (context_length < 2) {
    throw std::runtime_error("a context of " + std::to_string(context_length) +
                             " tokens is too short for the start and the end token: use 2 or more");
  }
}

Tokenizer::Tokens BytePairTokenizer::encode(std::string_view text) const {
  const icu::UnicodeString cleaned = clean_text(text);
  const auto room = static_cast<std::size_t>(context_length_);
  Tokens tokens;
  tokens.ids.push_back(start_token());
  // The loop ends once the context is full.
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
  // A text may hold the end token itself. The feature is read at the first one, as in OpenAI's code.
  const auto end = std::find(tokens.ids.begin(), tokens.ids.end(), end_token());
  tokens.length = end - tokens.ids.begin() + 1;
  return tokens;
}

}  // namespace clip
