#include "base/csv.h"

namespace trefoil::base {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::vector<std::vector<std::string>> csv_rows(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  bool in_quotes = false;
  bool in_row = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!in_row) rows.push_back({""});
    in_row = true;
    const char c = text[i];
    const bool doubled = c == '"' && in_quotes && i + 1 < text.size() && text[i + 1] == '"';
    if (doubled) {
      rows.back().back() += '"';
      ++i;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      rows.back().emplace_back();
    } else if (c == '\n' && !in_quotes) {
      in_row = false;
    } else if (c != '\r' || in_quotes) {
      rows.back().back() += c;
    }
  }
  return rows;
}

}  // namespace trefoil::base
