#include "config/alternatives.h"

#include <fmt/format.h>

#include <array>
#include <set>
#include <system_error>

#include "base/suggestion.h"
#include "base/text.h"
#include "config/flat_keys.h"
#include "config/merge.h"

namespace trefoil::config {

namespace {

// Sections that a file loses when it becomes an alternative, because they belong to the sweep and not to its jobs.
constexpr std::array kOfTheSweep = {"name", "launcher", "report"};

std::vector<JobSetting> settings_of(const Table& set, Diagnostics& diagnostics) {
  Table flat;
  flatten(set, "", flat, diagnostics);
  std::vector<JobSetting> settings;
  for (const Entry& entry : flat.entries()) settings.push_back({entry.key, entry.value});
  return settings;
}

// Returns the text at `key`, or "" after reporting that it is missing, empty or no text.
std::string required_text(const Table& table, const std::string& key, const Origin& origin, const std::string& section,
                          Diagnostics& diagnostics) {
  const Value* value = table.find(key);
  std::string text = value != nullptr && value->text() != nullptr ? *value->text() : "";
  if (text.empty())
    diagnostics.error(value != nullptr ? value->origin : origin, "this [[" + section + "]] has no '" + key + "'",
                      "add one, for example " + key + " = \"Tip\"");
  if (base::has_control_character(text))
    diagnostics.error(value->origin, "'" + key + "' has a control character, such as a line break", "remove it");
  return text;
}

void refuse_repeated_names(const std::vector<Alternative>& alternatives, const std::vector<const Value*>& tables,
                           const std::string& section, std::set<std::string> names, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    const std::string& name = alternatives[i].name;
    if (!name.empty() && !names.insert(name).second)
      diagnostics.error(tables[i]->table()->find("name")->origin,
                        fmt::format("there are two [[{}]] with the name '{}'", section, name), "rename one of them");
  }
}

// Without data.root, the data of an experiment is in the folder of its file, also when another file takes it over.
void set_default_root(const std::filesystem::path& file, Table& table) {
  Value* data = table.find("data");
  if (data == nullptr || data->table() == nullptr || data->table()->find("root") != nullptr) return;
  Origin origin;
  origin.file = file;
  data->table()->set({"root", origin, {std::string("."), origin}});
}

// Reads the experiment in the file that `value` names.
std::shared_ptr<const Table> read_file(const Value& value, Diagnostics& diagnostics) {
  if (value.text() == nullptr) {
    diagnostics.error(value.origin, std::string("'file' must be the path of a file; got ") + value.type_name());
    return nullptr;
  }
  const std::filesystem::path file = value.origin.folder() / *value.text();
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(file, unreadable)) {
    diagnostics.error(value.origin, "there is no file " + file.string(), "'file' is relative to this file");
    return nullptr;
  }
  Table table = load_merged(file, {}, diagnostics);
  for (const char* section : {"sweep", "ablation"}) {
    if (const Value* sweep = table.find(section))
      diagnostics.error(sweep->origin, "this file is a sweep, so it cannot be one job of another sweep",
                        "move its [" + std::string(section) + "] to a file that extends it");
  }
  for (const char* section : kOfTheSweep) table.erase(section);
  set_default_root(file, table);
  return std::make_shared<const Table>(std::move(table));
}

Alternative read_alternative(const Value& value, const std::string& section, Diagnostics& diagnostics) {
  const Table& table = *value.table();
  Alternative alternative;
  alternative.name = required_text(table, "name", value.origin, section, diagnostics);
  for (const Entry& entry : table.entries()) {
    if (entry.key == "name") continue;
    if (entry.key == "file") {
      alternative.file = read_file(entry.value, diagnostics);
    } else if (entry.key == "set" && entry.value.table() != nullptr) {
      alternative.settings = settings_of(*entry.value.table(), diagnostics);
    } else if (entry.key == "set") {
      diagnostics.error(entry.value.origin, "'set' must be a table", "for example set.\"head.plugin\" = \"gda\"");
    } else if (entry.key == "optional" && std::holds_alternative<bool>(entry.value.data)) {
      alternative.optional = std::get<bool>(entry.value.data);
    } else if (entry.key == "optional") {
      diagnostics.error(entry.value.origin, "'optional' must be true or false");
    } else {
      diagnostics.error(entry.key_origin, "unknown key '" + section + "." + entry.key + "'",
                        base::suggestion(entry.key, {"name", "file", "set", "optional"}, "known keys"));
    }
  }
  return alternative;
}

}  // namespace

std::vector<const Value*> table_list(const Value& value, const std::string& section, Diagnostics& diagnostics) {
  std::vector<const Value*> found;
  const Array* array = value.array();
  if (array != nullptr) {
    for (const Value& element : *array) {
      if (element.table() != nullptr) found.push_back(&element);
    }
  }
  if (array == nullptr || found.size() != array->size())
    diagnostics.error(value.origin, "'" + section + "' must be a list of tables", "write [[" + section + "]]");
  return found;
}

std::vector<Alternative> read_ablations(const Value& section, Diagnostics& diagnostics) {
  const std::vector<const Value*> tables = table_list(section, "ablation", diagnostics);
  std::vector<Alternative> ablations;
  for (const Value* ablation : tables) {
    Alternative alternative;
    alternative.name = required_text(*ablation->table(), "name", ablation->origin, "ablation", diagnostics);
    const Value* set = ablation->table()->find("set");
    if (set == nullptr || set->table() == nullptr || set->table()->entries().empty() ||
        ablation->table()->entries().size() != 2) {
      diagnostics.error(
          ablation->origin,
          "an [[ablation]] must have the keys 'name' and 'set' with at least one change, and no other key",
          "for example name = \"no selector\" and set.\"selector.plugin\" = \"all\"");
    } else {
      alternative.settings = settings_of(*set->table(), diagnostics);
    }
    ablations.push_back(std::move(alternative));
  }
  refuse_repeated_names(ablations, tables, "ablation", {"base"}, diagnostics);
  return ablations;
}

std::vector<Alternative> read_named_axis(const Value& value, const std::string& section, Diagnostics& diagnostics) {
  const std::vector<const Value*> tables = table_list(value, section, diagnostics);
  std::vector<Alternative> alternatives;
  if (tables.empty()) diagnostics.error(value.origin, "'" + section + "' is empty", "write [[" + section + "]]");
  alternatives.reserve(tables.size());
  for (const Value* table : tables) alternatives.push_back(read_alternative(*table, section, diagnostics));
  refuse_repeated_names(alternatives, tables, section, {}, diagnostics);
  return alternatives;
}

}  // namespace trefoil::config
