#include "base/csv.h"

#include <algorithm>
#include <charconv>

namespace trefoil::base {

namespace {

bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size();
}

// Whether the text begins with a character that makes a spreadsheet compute it. Apostrophes before it are skipped, so
// that csv_text_of can distinguish the apostrophe of csv_text from one of the text.
bool looks_like_formula(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('\''), text.size()));
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_text(std::string_view text) {
  const bool needs_guard = looks_like_formula(text) && !is_number(text);
  return csv_field((needs_guard ? "'" : "") + std::string(text));
}

std::string csv_text_of(std::string_view field) {
  const bool has_guard = !field.empty() && field.front() == '\'' && looks_like_formula(field);
  return std::string(field.substr(has_guard ? 1 : 0));
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
