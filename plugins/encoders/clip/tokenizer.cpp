#include "tokenizer.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <functional>
#include <queue>
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

// The symbols of a word while they are merged. They form a linked list, so that each merge takes constant time.
class MergingWord {
 public:
  MergingWord(const Vocabulary& vocabulary, std::vector<std::int32_t> symbols)
      : vocabulary_(vocabulary), symbols_(std::move(symbols)) {
    const auto count = static_cast<std::int32_t>(symbols_.size());
    for (std::int32_t i = 0; i < count; ++i) {
      next_.push_back(i + 1 < count ? i + 1 : kNone);
      previous_.push_back(i - 1);
    }
    for (std::int32_t i = 0; i + 1 < count; ++i) offer(i);
  }

  // Byte-pair encoding: finds the pair of neighbours with the lowest rank, merges it everywhere from left to right, and
  // repeats until no pair merges. Takes O(n log n) for n symbols.
  std::vector<std::int32_t> merged() {
    while (!offers_.empty()) merge_everywhere(offers_.top().first);
    std::vector<std::int32_t> kept;
    for (std::int32_t i = 0; i != kNone; i = next_[index(i)]) kept.push_back(symbols_[index(i)]);
    return kept;
  }

 private:
  static constexpr std::int32_t kNone = -1;
  using Offer = std::pair<std::int32_t, std::int32_t>;  // rank, position of the left symbol

  static std::size_t index(std::int32_t place) { return static_cast<std::size_t>(place); }

  const Vocabulary::Merge* merge_at(std::int32_t left) const {
    const std::int32_t right = next_[index(left)];
    return right == kNone ? nullptr : vocabulary_.find_merge(symbols_[index(left)], symbols_[index(right)]);
  }

  void offer(std::int32_t left) {
    if (left == kNone) return;
    if (const Vocabulary::Merge* merge = merge_at(left)) offers_.emplace(merge->rank, left);
  }

  // Skips offers whose symbols have been merged in the meantime.
  void merge_everywhere(std::int32_t rank) {
    std::vector<std::int32_t> places;
    while (!offers_.empty() && offers_.top().first == rank) {
      const std::int32_t left = offers_.top().second;
      offers_.pop();
      const Vocabulary::Merge* merge = symbols_[index(left)] == kNone ? nullptr : merge_at(left);
      if (merge == nullptr || merge->rank != rank) continue;
      merge_with_next(left, merge->symbol);
      places.push_back(left);
    }
    for (const std::int32_t place : places) {
      if (symbols_[index(place)] == kNone) continue;
      offer(previous_[index(place)]);
      offer(place);
    }
  }

  void merge_with_next(std::int32_t left, std::int32_t symbol) {
    const std::int32_t right = next_[index(left)];
    symbols_[index(left)] = symbol;
    symbols_[index(right)] = kNone;
    next_[index(left)] = next_[index(right)];
    if (next_[index(left)] != kNone) previous_[index(next_[index(left)])] = left;
  }

  const Vocabulary& vocabulary_;
  std::vector<std::int32_t> symbols_;   // kNone: merged into the previous symbol
  std::vector<std::int32_t> next_;      // positions
  std::vector<std::int32_t> previous_;  // positions
  std::priority_queue<Offer, std::vector<Offer>, std::greater<>> offers_;
};

std::vector<std::int32_t> encode_word(const Vocabulary& vocabulary, std::string_view bytes) {
  if (bytes == kStartToken) return {vocabulary.start_token};
  if (bytes == kEndToken) return {vocabulary.end_token};
  std::vector<std::int32_t> word;
  for (const char byte : bytes) word.push_back(vocabulary.bytes[static_cast<unsigned char>(byte)]);
  word.back() = vocabulary.last_bytes[static_cast<unsigned char>(bytes.back())];
  return MergingWord(vocabulary, std::move(word)).merged();
}

}  // namespace

Tokenizer::Tokenizer(Vocabulary vocabulary, std::int64_t context_length)
    : vocabulary_(std::move(vocabulary)), context_length_(context_length) {
  if (context_length < 2) {
    throw std::runtime_error("a context of " + std::to_string(context_length) +
                             " tokens is too short for the start and the end token: use 2 or more");
  }
}

Tokenizer::Tokens Tokenizer::encode(std::string_view text) const {
  const icu::UnicodeString cleaned = clean_text(text);
  const auto room = static_cast<std::size_t>(context_length_);
  Tokens tokens{{start_token()}, false};
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
  return tokens;
}

}  // namespace clip
