#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace trefoil::base {

namespace {

// The length in bytes of a UTF-8 sequence that starts with `lead`, or 0 when no sequence starts with it.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// The smallest code point that needs `length` bytes. For 1 and 2 bytes, sequence_length has already checked this.
std::uint32_t smallest(std::size_t length) {
  if (length == 3) return 0x800;
  return length == 4 ? 0x10000 : 0;
}

// The length in bytes of the first character of a text that is not empty, or 0 when it is not well-formed UTF-8.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (byte & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  return code < smallest(length) || surrogate || code > 0x10FFFF ? 0 : length;
}

// The length in bytes of the control character that the text begins with, or 0. Terminals also obey U+0080 to U+009F,
// which have two bytes in UTF-8.
std::size_t control_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0xFFU; };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return 1;
  return byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0 ? 2 : 0;
}

// Returns the text with control characters, except those in `kept`, and bytes that are not UTF-8 as "\\x1B".
std::string with_escapes(std::string_view text, std::string_view kept) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const bool is_obeyed = control_length(text) > 0 && kept.find(text.front()) == std::string_view::npos;
    if (length == 0 || is_obeyed) {
      for (const char c : text.substr(0, std::max(length, std::size_t{1}))) {
        const auto byte = static_cast<unsigned char>(c);
        result += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
      }
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max(length, std::size_t{1}));
  }
  return result;
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::int64_t first_digit = number < 0 ? 1 : 0;
  for (auto i = static_cast<std::int64_t>(text.size()) - 3; i > first_digit; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

std::string counted(std::int64_t count, std::string_view noun) {
  std::string text = grouped(count) + " " + std::string(noun);
  if (count == 1) return text;
  constexpr std::string_view kVowels = "aeiou";
  const bool vowel_before = noun.size() > 1 && kVowels.find(noun[noun.size() - 2]) != std::string_view::npos;
  if (noun.back() == 'y' && !vowel_before) return text.substr(0, text.size() - 1) + "ies";
  return text + (noun.back() == 's' ? "es" : "s");
}

std::string counted(std::size_t count, std::string_view noun) {
  return counted(static_cast<std::int64_t>(count), noun);
}

std::string number_text(double number) {
  constexpr double kExactIntegers = 9007199254740992;  // 2^53
  if (std::abs(number) <= kExactIntegers && number == std::floor(number))
    return grouped(static_cast<std::int64_t>(number));
  return fmt::format("{:g}", number);
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  const std::size_t shown = std::min(names.size(), most);
  const std::size_t left_out = names.size() - shown;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == shown && left_out == 0;
    text += (i == 0 ? "" : (is_last ? " and " : ", ")) + names[i];
  }
  return left_out == 0 ? text : text + " and " + grouped(static_cast<std::int64_t>(left_out)) + " more";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
  if (whole >= 3600) return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
  if (whole >= 60) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole) + " s";
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (control_length(text.substr(i)) > 0) return true;
  }
  return false;
}

std::string printable(std::string_view text) { return with_escapes(text, "\n\t"); }

std::string one_line(std::string_view text) { return with_escapes(text, ""); }

namespace {

struct JsonSize {
  std::size_t depth = 0;  // of arrays and objects
  std::size_t keys = 0;   // of the object with the most keys
};

JsonSize json_size(std::string_view text) {
  JsonSize size;
  std::vector<std::size_t> keys;  // of each array or object that is open
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string) {
      if (c == '\\') ++i;  // the next character is escaped
      continue;
    }
    if (c == '[' || c == '{') {
      keys.push_back(0);
      size.depth = std::max(size.depth, keys.size());
    }
    if (keys.empty()) continue;
    if (c == ']' || c == '}') {
      keys.pop_back();
    } else if (c == ':') {
      size.keys = std::max(size.keys, ++keys.back());
    }
  }
  return size;
}

}  // namespace

std::string json_refusal(std::string_view text) {
  constexpr std::size_t kDeepest = 32;
  if (text.find('\0') != std::string_view::npos) return "has the character U+0000";
  return json_size(text).depth > kDeepest ? "is nested too deep" : "";
}

std::string ordered_json_refusal(std::string_view text) {
  constexpr std::size_t kMostKeys = 10000;
  if (std::string reason = json_refusal(text); !reason.empty()) return reason;
  return json_size(text).keys > kMostKeys ? "has an object with more than 10,000 keys" : "";
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace trefoil::base
