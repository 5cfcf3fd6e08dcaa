#include "config/merge.h"

#include <algorithm>
#include <cstdlib>

#include "config/plugin_key.h"
#include "config/toml.h"
#include "runtime/plugin_kinds.h"

namespace trefoil::config {

namespace {

// Whether both tables have a text at `key`, and the texts differ.
bool chooses_another(const Table& below, const Table& above, std::string_view key) {
  const Value* old_value = below.find(key);
  const Value* new_value = above.find(key);
  return old_value != nullptr && new_value != nullptr && old_value->data.index() == new_value->data.index() &&
         old_value->text() != nullptr && *old_value->text() != *new_value->text();
}

// Returns the entries that stay when a section names another plugin: the parameters that belong to Trefoil, such as q.
// None stay when the stage is left out.
Table host_entries(const Table& below, const std::string& section, const std::string& plugin) {
  Table remaining;
  const runtime::KindTraits* kind = runtime::find_kind(section);
  if (kind == nullptr || runtime::means_absent(*kind, plugin)) return remaining;
  for (const Entry& entry : below.entries()) {
    if (runtime::is_host_parameter(*kind, entry.key)) remaining.set(entry);
  }
  return remaining;
}

constexpr std::string_view kReference = "${env:";

// Replaces "${env:NAME}" and "${env:NAME:-default}" in a text.
std::string with_environment(const std::string& text, const Origin& origin, Diagnostics& diagnostics) {
  std::string result;
  std::size_t position = 0;
  while (true) {
    const std::size_t start = text.find(kReference, position);
    result += text.substr(position, start - position);
    if (start == std::string::npos) return result;
    const std::size_t end = text.find('}', start);
    if (end == std::string::npos) {
      diagnostics.error(origin, "'${env:' has no closing brace", "write ${env:NAME} or ${env:NAME:-default}");
      return result;
    }
    const std::string inside = text.substr(start + kReference.size(), end - start - kReference.size());
    const std::size_t dash = inside.find(":-");
    const std::string name = inside.substr(0, dash);
    const char* value = std::getenv(name.c_str());
    if (inside.find("${") != std::string::npos) {
      diagnostics.error(origin, "'${env:…}' inside another '${env:…}' is not supported", "use only one of them");
    } else if (value != nullptr && (*value != '\0' || dash == std::string::npos)) {
      result += value;
    } else if (dash != std::string::npos) {  // also when the variable is empty, as in a shell
      result += inside.substr(dash + 2);
    } else {
      diagnostics.error(origin, "the environment variable " + name + " is not set",
                        "set it, or give a default: ${env:" + name + ":-default}");
    }
    position = end + 1;
  }
}

void substitute_environment(Value& value, Diagnostics& diagnostics);

void substitute_environment(Table& table, Diagnostics& diagnostics) {
  for (const Entry& entry : table.entries()) substitute_environment(*table.find(entry.key), diagnostics);
}

void substitute_environment(Value& value, Diagnostics& diagnostics) {
  if (auto* text = std::get_if<std::string>(&value.data)) {
    value.from_environment = text->find(kReference) != std::string::npos;
    *text = with_environment(*text, value.origin, diagnostics);
  } else if (auto* array = std::get_if<Array>(&value.data)) {
    for (Value& element : *array) substitute_environment(element, diagnostics);
  } else if (auto* table = std::get_if<Table>(&value.data)) {
    substitute_environment(*table, diagnostics);
  }
}

// Reads the file and the files that it extends. `ancestors` are the files that extend this one, to find a cycle.
Table load_chain(const std::filesystem::path& file, std::vector<std::filesystem::path> ancestors,
                 Diagnostics& diagnostics) {
  Table table = read_toml(file, diagnostics);
  const Value* extends = table.find("extends");
  if (extends == nullptr) return table;
  const Value parent = *extends;
  table.erase("extends");
  if (parent.text() == nullptr) {
    diagnostics.error(parent.origin, std::string("'extends' must be the path of a file; got ") + parent.type_name());
    return table;
  }
  const std::filesystem::path parent_file =
      file.parent_path() / with_environment(*parent.text(), parent.origin, diagnostics);
  std::error_code unreadable;
  ancestors.push_back(std::filesystem::weakly_canonical(file, unreadable));
  const auto canonical_parent = std::filesystem::weakly_canonical(parent_file, unreadable);
  if (std::count(ancestors.begin(), ancestors.end(), canonical_parent) > 0) {
    diagnostics.error(parent.origin, "this file extends itself through 'extends'",
                      "remove 'extends' from one of the files");
    return table;
  }
  if (!std::filesystem::is_regular_file(parent_file, unreadable)) {
    diagnostics.error(parent.origin, "there is no file " + parent_file.string(), "'extends' is relative to this file");
    return table;
  }
  Table merged = load_chain(parent_file, std::move(ancestors), diagnostics);
  merge_into(merged, table);
  return merged;
}

void set_origin(Value& value, const Origin& origin);

void set_origin(Table& table, const Origin& origin) {
  const std::vector<Entry> entries = table.entries();
  for (Entry entry : entries) {
    entry.key_origin = origin;
    set_origin(entry.value, origin);
    table.set(std::move(entry));
  }
}

void set_origin(Value& value, const Origin& origin) {
  value.origin = origin;
  if (auto* array = std::get_if<Array>(&value.data)) {
    for (Value& element : *array) set_origin(element, origin);
  } else if (value.table() != nullptr) {
    set_origin(*value.table(), origin);
  }
}

// Whether all keys of the table are numbers of elements of the list: [[head]] and head.2.lambda = …
bool names_elements(const Table& table, const Array& list) {
  return std::all_of(table.entries().begin(), table.entries().end(), [&](const Entry& entry) {
    const std::size_t number = list_number(entry.key);
    return number > 0 && number <= list.size() && entry.value.table() != nullptr && list[number - 1].table() != nullptr;
  });
}

void merge_into_elements(Array& list, const Table& above, const std::string& section) {
  for (const Entry& entry : above.entries()) {
    merge_into(*list[list_number(entry.key) - 1].table(), *entry.value.table(), section);
  }
}

}  // namespace

void merge_into(Table& below, const Table& above, const std::string& section) {
  if (chooses_another(below, above, "layout")) below = Table();
  if (chooses_another(below, above, "plugin")) below = host_entries(below, section, *above.find("plugin")->text());
  for (const Entry& entry : above.entries()) {
    Value* present = below.find(entry.key);
    if (present != nullptr && present->table() != nullptr && entry.value.table() != nullptr) {
      merge_into(*present->table(), *entry.value.table(), entry.key);
    } else if (auto* list = present != nullptr ? std::get_if<Array>(&present->data) : nullptr;
               list != nullptr && entry.value.table() != nullptr && names_elements(*entry.value.table(), *list)) {
      merge_into_elements(*list, *entry.value.table(), entry.key);
    } else {
      below.set(entry);
    }
  }
}

void set_dotted(Table& table, const std::string& key, Value value, const Origin& origin) {
  const std::size_t dot = key.find('.');
  if (dot == std::string::npos) {
    table.set({key, origin, std::move(value)});
    return;
  }
  const std::string first = key.substr(0, dot);
  if (table.find(first) == nullptr || table.find(first)->table() == nullptr)
    table.set({first, origin, {Table(), origin}});
  set_dotted(*table.find(first)->table(), key.substr(dot + 1), std::move(value), origin);
}

Table override_table(const std::vector<std::string>& overrides, Diagnostics& diagnostics) {
  Table table;
  for (const std::string& text : overrides) {
    Origin origin;
    origin.override_text = text;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      diagnostics.error(origin, "--set takes KEY=VALUE", "for example --set selector.q=256");
      continue;
    }
    constexpr std::ptrdiff_t kMostDots = 64;  // a limit, because nested sections are handled by recursion
    if (std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(equals), '.') > kMostDots) {
      origin.override_text.resize(std::min<std::size_t>(origin.override_text.size(), 40));
      diagnostics.error(origin, "the key has more than 65 parts", "for example --set selector.q=256");
      continue;
    }
    const std::string value_text = text.substr(equals + 1);
    Value value = parse_toml_value(value_text).value_or(Value{value_text, {}});
    set_origin(value, origin);
    std::string key = text.substr(0, equals);
    key.erase(std::remove(key.begin(), key.end(), '"'), key.end());  // as in files: sweep.grid."selector.q"
    set_dotted(table, key, std::move(value), origin);
  }
  return table;
}

Table load_merged(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                  Diagnostics& diagnostics) {
  Table table = load_chain(file, {}, diagnostics);
  merge_into(table, override_table(overrides, diagnostics));
  substitute_environment(table, diagnostics);
  return table;
}

}  // namespace trefoil::config
