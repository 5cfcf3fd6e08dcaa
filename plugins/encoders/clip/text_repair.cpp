#include "text_repair.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <cstdint>
#include <stdexcept>

#include "html_entities.h"
#include "mojibake.h"
#include "windows_1252.h"

namespace clip {

namespace {

// A text can be escaped several times. The limit keeps the time linear in the length of the text.
constexpr int kMostRounds = 16;

icu::UnicodeString normalized(const icu::Normalizer2* (*form)(UErrorCode&), const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(status);
  icu::UnicodeString result;
  if (U_SUCCESS(status)) result = normalizer->normalize(text, status);
  if (U_FAILURE(status))
    throw std::runtime_error("ICU cannot compose letters, because its data is missing: install ICU again");
  return result;
}

bool within(char16_t unit, char16_t first, char16_t last) { return unit >= first && unit <= last; }

// ﬅ is left out, because its compatible form is "st", with another s.
bool is_ligature(char16_t unit) {
  return unit == u'Ĳ' || unit == u'ĳ' || unit == u'ŉ' || within(unit, u'Ǆ', u'ǌ') || within(unit, u'Ǳ', u'ǳ') ||
         within(unit, u'ﬀ', u'ﬆ');
}

bool has_other_width(char16_t unit) { return unit == 0x3000 || within(unit, 0xFF01, 0xFFEF); }

bool is_single_quote(char16_t unit) { return unit == 0x02BC || within(unit, 0x2018, 0x201B); }

bool is_double_quote(char16_t unit) { return within(unit, 0x201C, 0x201F); }

// Control characters of ASCII but for white space, deprecated formatting characters, the byte order mark, and
// characters of annotations.
bool is_removed(char16_t unit) {
  const bool white_space = unit == u'\t' || unit == u'\n' || unit == u'\f' || unit == u'\r';
  return (unit < 0x20 && !white_space) || unit == 0x7F || within(unit, 0x206A, 0x206F) || unit == 0xFEFF ||
         within(unit, 0xFFF9, 0xFFFC);
}

icu::UnicodeString plain_form(char16_t unit) {
  if (unit == u'ﬅ') return u"ſt";
  const icu::UnicodeString form(unit);
  return is_ligature(unit) || has_other_width(unit) ? normalized(icu::Normalizer2::getNFKCInstance, form) : form;
}

icu::UnicodeString with_plain_characters(const icu::UnicodeString& text) {
  icu::UnicodeString result;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t unit = text[i];
    result.append(plain_form(within(unit, 0x80, 0x9F) ? kWindows1252.at(unit - 0x80U) : unit));
  }
  for (std::int32_t i = 0; i < result.length(); ++i) {
    if (is_single_quote(result[i])) result.setCharAt(i, u'\'');
    if (is_double_quote(result[i])) result.setCharAt(i, u'"');
  }
  return result;
}

// Returns the end of the command to a terminal that starts at `begin`: ESC [ numbers and semicolons, and a letter.
// Returns `begin` if there is none.
std::int32_t end_of_escape(const icu::UnicodeString& text, std::int32_t begin) {
  if (text[begin] != 0x1B || text.charAt(begin + 1) != u'[') return begin;
  std::int32_t end = begin + 2;
  while (within(text.charAt(end), u'0', u'9') || text.charAt(end) == u';') ++end;
  const bool letter = within(text.charAt(end), u'a', u'z') || within(text.charAt(end), u'A', u'Z');
  return letter ? end + 1 : begin;
}

icu::UnicodeString without_controls(const icu::UnicodeString& text) {
  icu::UnicodeString result;
  for (std::int32_t i = 0; i < text.length();) {
    const std::int32_t end = end_of_escape(text, i);
    if (end == i && !is_removed(text[i])) result.append(text[i]);
    i = end == i ? i + 1 : end;
  }
  return result;
}

icu::UnicodeString unescaped(const icu::UnicodeString& text) {
  std::string bytes;
  text.toUTF8String(bytes);
  return icu::UnicodeString::fromUTF8(unescape_html(bytes, References::closed));
}

}  // namespace

std::string with_joined_surrogates(std::string_view text) {
  const auto byte = [&](std::size_t place) { return static_cast<std::uint8_t>(text[place]); };
  const auto is_half = [&](std::size_t place, std::uint8_t first) {
    return byte(place) == 0xED && (byte(place + 1) & 0xF0U) == first && (byte(place + 2) & 0xC0U) == 0x80;
  };
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (i + 6 > text.size() || !is_half(i, 0xA0) || !is_half(i + 3, 0xB0)) {
      result += text[i++];
      continue;
    }
    const auto half = [&](std::size_t place) { return (byte(place + 1) & 0x0FU) << 6U | (byte(place + 2) & 0x3FU); };
    icu::UnicodeString(static_cast<UChar32>(0x10000U + (half(i) << 10U) + half(i + 3))).toUTF8String(result);
    i += 6;
  }
  return result;
}

icu::UnicodeString repaired(const icu::UnicodeString& text) {
  icu::UnicodeString result = text;
  const bool has_references = text.indexOf(u'<') < 0;
  for (int round = 0; round < kMostRounds; ++round) {
    const icu::UnicodeString before = result;
    if (has_references) result = unescaped(result);
    result = without_controls(with_plain_characters(undo_mojibake(result)));
    result = normalized(icu::Normalizer2::getNFCInstance, result);
    if (result == before) break;
  }
  return result;
}

}  // namespace clip
