// Small questions about text.
#pragma once

#include <string_view>

namespace trefoil::base {

inline bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

}  // namespace trefoil::base
