// Text: splitting, checking, and writing numbers and lists for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trefoil::base {

inline bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Returns the parts between the separators, without empty parts.
std::vector<std::string> split(std::string_view text, char separator);

// Returns a whole number with thousands separators: "1,234,567".
std::string grouped(std::int64_t number);

// Returns a count with its noun: "1 job", "2 jobs", "1 class", "1,234 classes", "2 queries".
std::string counted(std::size_t count, std::string_view noun);
std::string counted(std::int64_t count, std::string_view noun);

// Returns a number for a message: "1,000,000", "0.5". Whole numbers up to 2^53 have no exponent.
std::string number_text(double number);

// Returns a list of at most `most` names: "a, b and c", or "a, b and 3 more" when there are more names.
std::string listed(const std::vector<std::string>& names, std::size_t most);

// Returns a time in whole units: "45 s", "2 min 5 s", "2 h 5 min". Negative numbers count as 0.
std::string duration_text(double seconds);

// Returns one line that a shell splits into these words.
std::string shell_line(const std::vector<std::string>& words);

// Whether the text has a control character of Unicode, such as a line break, a tab, NUL, ESC or DEL. In names they are
// refused, because a list has one name per line, a path ends at NUL, and terminals obey the others.
bool has_control_character(std::string_view text);

// Returns the text with its control characters, except line breaks and tabs, written as "\\x1B", so that a name from
// outside cannot control the terminal. Bytes that are not UTF-8 are written in the same way.
std::string printable(std::string_view text);

// Returns the text with all its control characters written as "\\x1B", also line breaks and tabs. Bytes that are not
// UTF-8 are written in the same way.
std::string one_line(std::string_view text);

// Returns why a JSON text from outside is not parsed, as the end of a sentence, or "". Arrays and objects may be nested
// 32 deep, which is more than any file of Trefoil needs, because the library copies and prints values by recursion. It
// also takes U+0000 for the end of the text.
std::string json_refusal(std::string_view text);

// Does the same for a text that is parsed as nlohmann::ordered_json, which takes time in the square of the number of
// keys of an object. An object may have 10,000 of them, which is more than Trefoil writes into any.
std::string ordered_json_refusal(std::string_view text);

// Whether the bytes are well-formed UTF-8 (RFC 3629). Stray or missing continuation bytes, overlong forms and
// surrogates are not well-formed.
bool is_utf8(std::string_view text);

}  // namespace trefoil::base
