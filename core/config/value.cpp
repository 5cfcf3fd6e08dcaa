#include "config/value.h"

#include <algorithm>
#include <array>

namespace trefoil::config {

std::string Origin::text() const {
  if (!override_text.empty()) return "--set " + override_text;
  if (file.empty()) return "default";
  return file.string() + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::filesystem::path Origin::folder() const {
  return file.empty() ? std::filesystem::current_path() : std::filesystem::absolute(file).parent_path();
}

Value* Table::find(std::string_view key) {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.key == key; });
  return entry == entries_.end() ? nullptr : &entry->value;
}

const Value* Table::find(std::string_view key) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.key == key; });
  return entry == entries_.end() ? nullptr : &entry->value;
}

void Table::set(Entry entry) {
  const auto same =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.key == entry.key; });
  if (same == entries_.end()) {
    entries_.push_back(std::move(entry));
  } else {
    *same = std::move(entry);
  }
}

void Table::erase(std::string_view key) {
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.key == key; }),
                 entries_.end());
}

std::optional<double> Value::number() const {
  if (const auto* integer = std::get_if<std::int64_t>(&data)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&data)) return *real;
  return std::nullopt;
}

const char* Value::type_name() const {
  constexpr std::array kNames = {"a boolean", "an integer", "a real number", "a text", "an array", "a table"};
  return kNames.at(data.index());
}

}  // namespace trefoil::config
