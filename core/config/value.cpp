#include "config/value.h"

#include <array>
#include <cstddef>
#include <utility>

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
  const auto position = positions_.find(key);
  return position == positions_.end() ? nullptr : &entries_[position->second].value;
}

const Value* Table::find(std::string_view key) const {
  const auto position = positions_.find(key);
  return position == positions_.end() ? nullptr : &entries_[position->second].value;
}

void Table::set(Entry entry) {
  const auto [position, is_new] = positions_.emplace(entry.key, entries_.size());
  if (is_new) {
    entries_.push_back(std::move(entry));
  } else {
    entries_[position->second] = std::move(entry);
  }
}

void Table::erase(std::string_view key) {
  const auto erased = positions_.find(key);
  if (erased == positions_.end()) return;
  const std::size_t position = erased->second;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
  positions_.erase(erased);
  for (auto& [other, index] : positions_) {
    if (index > position) --index;
  }
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
