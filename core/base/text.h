// Small questions about text.
#pragma once

#include <string_view>

namespace trefoil::base {

inline bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Whether the bytes are well-formed UTF-8 (RFC 3629): no stray or missing continuation bytes, no overlong forms, no
// surrogates.
bool is_utf8(std::string_view text);

}  // namespace trefoil::base
