#include "config/plugin_key.h"

#include <charconv>

#include "base/text.h"

namespace trefoil::config {

std::string section_name(const PluginPlace& place, bool in_list) {
  const std::string name = runtime::kind_name(place.kind);
  return in_list ? name + "." + std::to_string(place.position + 1) : name;
}

std::string section_of(const std::string& key) {
  if (base::starts_with(key, "search.")) return "search";
  const std::size_t dot = key.rfind('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}

std::string name_in_section(const std::string& key) {
  const std::string section = section_of(key);
  return section.empty() ? key : key.substr(section.size() + 1);
}

std::optional<PluginPlace> plugin_place(const std::string& section) {
  const std::size_t dot = section.find('.');
  const runtime::KindTraits* kind = runtime::find_kind(section.substr(0, dot));
  if (kind == nullptr) return std::nullopt;
  if (dot == std::string::npos) return PluginPlace{kind->kind, 0};
  const std::size_t number = list_number(section.substr(dot + 1));
  if (number == 0 || !kind->in_a_row) return std::nullopt;
  return PluginPlace{kind->kind, number - 1};
}

std::size_t list_number(const std::string& text) {
  if (text.empty() || text.front() == '0') return 0;  // "02" is no second spelling of "2"
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace trefoil::config
