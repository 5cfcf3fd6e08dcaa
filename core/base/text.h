// Small questions about text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trefoil::base {

inline bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// "1 job", "2 jobs".
std::string counted(std::size_t count, std::string_view noun);

// A time as people say it: "45 s", "2 min 5 s", "2 h 5 min". Whole seconds; negative numbers count as 0.
std::string duration_text(double seconds);

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
