#include "text_cleaning.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "html_entities.h"
#include "text_repair.h"

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

}  // namespace

void require_utf8(std::string_view text) {
  if (text.size() > kMaxTextBytes)
    throw std::runtime_error("the text " + quoted(text) + " is longer than 1 MiB: shorten it");
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t length = 0;  // a required output; a capacity of 0 means that nothing is written
  u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &status);
  if (status == U_INVALID_CHAR_FOUND)
    throw std::runtime_error("the text " + quoted(text) + " is not valid UTF-8: save its file as UTF-8");
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

icu::UnicodeString clean_text(std::string_view text) {
  const std::string joined = with_joined_surrogates(text);
  require_utf8(joined);
  std::string bytes;
  repaired(icu::UnicodeString::fromUTF8(joined)).toUTF8String(bytes);
  const icu::UnicodeString unescaped = icu::UnicodeString::fromUTF8(unescape_html(unescape_html(bytes)));
  return with_single_spaces(unescaped).toLower(icu::Locale::getRoot());
}

}  // namespace clip
