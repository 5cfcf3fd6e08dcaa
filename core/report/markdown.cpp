#include "report/markdown.h"

#include <fmt/format.h>

#include <string_view>

namespace trefoil::report {

std::string markdown_text(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool has_meaning = std::string_view("\\`*_[]<>|").find(c) != std::string_view::npos;
    if (has_meaning) result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

std::string markdown_line(const std::vector<std::string>& fields) {
  return fmt::format("| {} |\n", fmt::join(fields, " | "));
}

}  // namespace trefoil::report
