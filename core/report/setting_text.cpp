#include "report/setting_text.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "config/toml.h"

namespace trefoil::report {

namespace {

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

// The letter that the method's papers use; "" for none.
std::string symbol(const std::string& key) {
  static const std::map<std::string, std::string> symbols = {
      {"alpha", "α"}, {"beta", "β"}, {"gamma", "γ"}, {"lambda", "λ"}, {"q", "Q"}};
  const auto found = symbols.find(last_part(key));
  return found == symbols.end() ? "" : found->second;
}

}  // namespace

std::string section_of(const std::string& key) {
  const std::size_t dot = key.find('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}

std::string short_name(const std::string& key) {
  if (!symbol(key).empty()) return symbol(key);
  const bool names_the_section = last_part(key) == "plugin" || last_part(key) == "layout";
  return names_the_section && !section_of(key).empty() ? section_of(key) : last_part(key);
}

std::string long_name(const std::string& key) {
  return symbol(key).empty() ? key : fmt::format("{} ({})", symbol(key), key);
}

std::string shown(const std::string& toml) {
  if (toml.empty()) return "not set";
  if (const auto number = number_of(toml)) return fmt::format("{}", *number);
  const auto value = config::parse_toml_value(toml);
  if (!value || value->text() == nullptr) return toml;
  return value->text()->empty() ? "\"\"" : *value->text();
}

std::optional<double> number_of(const std::string& toml) {
  const auto value = config::parse_toml_value(toml);
  if (!value) return std::nullopt;
  std::optional<double> number;
  if (const auto* whole = std::get_if<std::int64_t>(&value->data)) number = static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value->data)) number = *real;
  return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace trefoil::report
