#include "text_cleaning.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "html_entities.h"

namespace clip {

namespace {

// A context has 77 tokens, so longer texts make no sense; ICU counts in 32 bits.
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 20U;

constexpr std::size_t kQuotedBytes = 80;

// Returns the start of a text for an error message, with U+FFFD in place of invalid bytes.
std::string quoted(std::string_view text) {
  std::string result;
  const std::string_view start = text.substr(0, kQuotedBytes);
  icu::UnicodeString::fromUTF8({start.data(), static_cast<std::int32_t>(start.size())}).toUTF8String(result);
  return '"' + result + (start.size() < text.size() ? "…\"" : "\"");
}

void require_utf8(std::string_view text) {
  if (text.size() > kMaxTextBytes)
    throw std::runtime_error("the text " + quoted(text) + " is longer than 1 MiB: shorten it");
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t length = 0;  // a required output; a capacity of 0 means that nothing is written
  u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &status);
  if (status == U_INVALID_CHAR_FOUND)
    throw std::runtime_error("the text " + quoted(text) + " is not valid UTF-8: save its file as UTF-8");
}

void straighten_quotes(icu::UnicodeString& text) {
  for (std::int32_t i = 0; i < text.length(); ++i) {
    const char16_t unit = text[i];
    if (unit == 0x02BC || (unit >= 0x2018 && unit <= 0x201B)) text.setCharAt(i, u'\'');
    if (unit >= 0x201C && unit <= 0x201F) text.setCharAt(i, u'"');
  }
}

icu::UnicodeString composed(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(status);
  icu::UnicodeString result;
  if (U_SUCCESS(status)) result = normalizer->normalize(text, status);
  if (U_FAILURE(status))
    throw std::runtime_error("ICU cannot compose letters, because its data is missing: install ICU again");
  return result;
}

icu::UnicodeString with_single_spaces(const icu::UnicodeString& text) {
  icu::UnicodeString result;
  bool space = false;
  for (std::int32_t i = 0; i < text.length(); ++i) {
    if (u_isUWhiteSpace(text[i]) != 0) {
      space = !result.isEmpty();
      continue;
    }
    if (space) result.append(u' ');
    result.append(text[i]);
    space = false;
  }
  return result;
}

}  // namespace

icu::UnicodeString clean_text(std::string_view text) {
  require_utf8(text);
  icu::UnicodeString result = icu::UnicodeString::fromUTF8(unescape_html(unescape_html(text)));
  straighten_quotes(result);
  return with_single_spaces(composed(result)).toLower(icu::Locale::getRoot());
}

}  // namespace clip
