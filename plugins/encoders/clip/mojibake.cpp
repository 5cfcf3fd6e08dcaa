#include "mojibake.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "windows_1252.h"

namespace clip {

namespace {

// Bytes of Windows-1252 in UTF-8 sequences, in groups.
constexpr std::string_view kWithoutCharacter = "\x81\x8D\x8F\x90\x9D";
constexpr std::string_view kLetters = "\x83\x8A\x8C\x8E\x9A\x9C\x9E\x9F";              // ƒ Š Œ Ž š œ ž Ÿ
constexpr std::string_view kOpening = "\x91\x93";                                      // ‘ “
constexpr std::string_view kClosing = "\x85\x91\x92\x93\x94\x95\x96\x97\x9B\xA0\xBB";  // … ‘ ’ “ ” • – — › »
constexpr std::string_view kMarks =
    "\x99\xA1\xA9\xAA\xAB\xAE\xB0\xB2\xB3\xB4\xB7\xB9\xBA\xBF";  // ™ ¡ © ª « ® ° ² ³ ´ · ¹ º ¿
constexpr char kApostrophe = '\x92';

bool is_in(std::string_view group, char byte) { return group.find(byte) != std::string_view::npos; }

// Whether the character may follow a word.
bool follows_words(char byte) { return is_in(kClosing, byte) || is_in(kMarks, byte); }

// Returns the bytes of a text, one for each UTF-16 unit. A unit without a byte, and U+0000, is '\0'.
std::string bytes_of(const icu::UnicodeString& text) {
  std::string bytes;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t unit = text[i];
    const auto* const special = std::find(kWindows1252.begin(), kWindows1252.end(), unit);
    if (special != kWindows1252.end()) {
      bytes += static_cast<char>(0x80 + (special - kWindows1252.begin()));
    } else {
      bytes += unit < 0x100 ? static_cast<char>(unit) : '\0';
    }
  }
  return bytes;
}

struct Sequence {
  std::int32_t begin;
  std::int32_t end;
  UChar32 code;  // the character that the bytes encode

  std::int32_t length() const { return end - begin; }
};

std::vector<Sequence> sequences_in(const std::string& bytes) {
  const auto* const units = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto length = static_cast<std::int32_t>(bytes.size());
  std::vector<Sequence> found;
  for (std::int32_t begin = 0, end = 0; begin < length; begin = end) {
    UChar32 code = 0;
    U8_NEXT(units, end, length, code);
    if (code < 0x80) {
      end = code < 0 ? begin + 1 : end;
    } else if (u_isdefined(code) != 0) {
      found.push_back({begin, end, code});
    }
  }
  return found;
}

enum class Neighbour { none, small, capital };  // a letter beside a sequence; none: another character, or a sequence

// A text, and the sequences in it.
class Reading {
 public:
  explicit Reading(const icu::UnicodeString& text)
      : text_(text), bytes_(bytes_of(text)), sequences_(sequences_in(bytes_)) {}

  icu::UnicodeString undone() const {
    std::vector<bool> certain(sequences_.size());
    for (std::size_t first = 0, last = 0; first < sequences_.size(); first = last) {
      last = end_of_row(first);
      const bool letters = last - first > 1 && are_letters(first, last);
      for (std::size_t i = first; i < last; ++i) certain[i] = letters || is_certain(i);
    }
    const bool any = std::find(certain.begin(), certain.end(), true) != certain.end();
    const bool all = any && covers_text();
    icu::UnicodeString result;
    std::int32_t place = 0;
    for (std::size_t i = 0; i < sequences_.size(); ++i) {
      if (!certain[i] && !all) continue;
      result.append(text_, place, sequences_[i].begin - place).append(sequences_[i].code);
      place = sequences_[i].end;
    }
    return result.append(text_, place, text_.length() - place);
  }

 private:
  char byte(std::int32_t place) const { return bytes_[static_cast<std::size_t>(place)]; }

  // Returns the index after the last sequence of a row without gaps.
  std::size_t end_of_row(std::size_t first) const {
    std::size_t last = first + 1;
    while (last < sequences_.size() && sequences_[last].begin == sequences_[last - 1].end) ++last;
    return last;
  }

  // Characters of three bytes may be punctuation, because Chinese and Japanese have no spaces between the sentences.
  bool are_letters(std::size_t first, std::size_t last) const {
    bool unusual = false;
    for (std::size_t i = first; i < last; ++i) {
      if (u_isalpha(sequences_[i].code) == 0 && sequences_[i].length() != 3) return false;
      for (std::int32_t place = sequences_[i].begin + 1; place < sequences_[i].end; ++place) {
        unusual = unusual || !(follows_words(byte(place)) || is_in(kLetters, byte(place)));
      }
    }
    return unusual;
  }

  // Whether every character outside ASCII is in a sequence.
  bool covers_text() const {
    std::int32_t covered = 0;
    for (const Sequence& sequence : sequences_) covered += sequence.length();
    std::int32_t outside = 0;
    for (std::int32_t i = 0; i < text_.length(); ++i) outside += text_[i] >= 0x80 ? 1 : 0;
    return covered == outside;
  }

  Neighbour neighbour(std::int32_t place, bool is_sequence) const {
    if (is_sequence || place < 0 || place >= text_.length()) return Neighbour::none;
    const UChar32 code = text_.char32At(place);
    if (u_isupper(code) != 0) return Neighbour::capital;
    return u_isalpha(code) != 0 ? Neighbour::small : Neighbour::none;
  }

  bool is_certain(std::size_t index) const {
    const Sequence& sequence = sequences_[index];
    const auto lead = static_cast<std::uint8_t>(byte(sequence.begin));
    const char second = byte(sequence.begin + 1);
    if (sequence.length() == 4) return lead == 0xF0 && second == '\x9F';
    if (sequence.length() == 3) return is_certain_triple(sequence, lead, second);
    if (is_in(kWithoutCharacter, second)) return true;
    const bool follows = index > 0 && sequences_[index - 1].end == sequence.begin;
    const bool precedes = index + 1 < sequences_.size() && sequences_[index + 1].begin == sequence.end;
    const Neighbour before = neighbour(sequence.begin - 1, follows);
    const Neighbour after = neighbour(sequence.end, precedes);
    if (lead == 0xC2 || lead == 0xC3) return is_certain_latin(second, before, after);
    return u_isupper(lead) != 0 && is_certain_pair(second, before, after);
  }

  bool is_certain_triple(const Sequence& sequence, std::uint8_t lead, char second) const {
    constexpr UChar32 kByteOrderMark = 0xFEFF;
    if (sequence.code == kByteOrderMark) return sequence.begin == 0;
    if (follows_words(second) && follows_words(byte(sequence.begin + 2))) return false;
    const bool japanese = lead == 0xE3 && is_in("\x80\x81\x82\x83", second);
    const bool full_width = lead == 0xEF && is_in("\xBC\xBD\xBF", second);
    return lead == 0xE2 || japanese || full_width;
  }

  // "Â" or "Ã" and a second character.
  static bool is_certain_latin(char second, Neighbour before, Neighbour after) {
    if (!follows_words(second) || before == Neighbour::small) return true;
    if (is_in(kMarks, second)) return before == Neighbour::none || after != Neighbour::none;
    if (after == Neighbour::none) return false;
    return is_in(kOpening, second) || (before == Neighbour::none && second != kApostrophe);
  }

  // Another capital letter and a second character.
  static bool is_certain_pair(char second, Neighbour before, Neighbour after) {
    if (before == Neighbour::small && after == Neighbour::small) return second != kApostrophe;
    if (before != Neighbour::small && (after != Neighbour::small || is_in(kLetters, second))) return false;
    return !is_in(kClosing, second);
  }

  const icu::UnicodeString& text_;
  std::string bytes_;
  std::vector<Sequence> sequences_;
};

}  // namespace

icu::UnicodeString undo_mojibake(const icu::UnicodeString& text) {
  constexpr int kMostReadings = 8;  // limits the time for texts that were made to need many
  icu::UnicodeString result = text;
  for (int i = 0; i < kMostReadings; ++i) {
    const icu::UnicodeString before = result;
    result = Reading(before).undone();
    if (result == before) break;
  }
  return result;
}

}  // namespace clip
