// Text: splitting, and numbers and lists as people write them.
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

// The parts between the separators. Empty parts are left out.
std::vector<std::string> split(std::string_view text, char separator);

// "1,234,567".
std::string grouped(std::int64_t number);

// "1 job", "2 jobs", "1 class", "1,234 classes".
std::string counted(std::size_t count, std::string_view noun);
std::string counted(std::int64_t count, std::string_view noun);

// A number in a message: "1,000,000", "0.5". Whole numbers have no exponent.
std::string number_text(double number);

// "a, b and c"; the first `most` of more names: "a, b and 3 more".
std::string listed(const std::vector<std::string>& names, std::size_t most);

// A time as people say it: "45 s", "2 min 5 s", "2 h 5 min". Whole seconds; negative numbers count as 0.
std::string duration_text(double seconds);

// The words as one line that a shell splits into the same words.
std::string shell_line(const std::vector<std::string>& words);

// Whether it holds a control character: a line break, a tab, NUL, DEL. In names they break lists of one name a line,
// and a path ends at NUL.
bool has_control_character(std::string_view text);

// How many arrays and objects of a JSON text lie within each other. JSON libraries copy and print values by recursion,
// so a file from a stranger is measured before it is parsed; kDeepestJson is more than any file here needs.
std::size_t json_depth(std::string_view text);
constexpr std::size_t kDeepestJson = 32;

// Whether the bytes are well-formed UTF-8 (RFC 3629): no stray or missing continuation bytes, no overlong forms, no
// surrogates.
bool is_utf8(std::string_view text);

}  // namespace trefoil::base
