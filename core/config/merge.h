// From a file name to one table: `extends` followed, `--set` laid over it, `${env:…}` replaced.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// Lays `above` over `below`: tables merge, everything else replaces. When `above` names another `plugin` (or, in
// [data], another `layout`), the keys of the former plugin are removed, because they belong to it. Keys of the host,
// such as selector.q, stay. `section` is the table's name, "" for the whole file.
void merge_into(Table& below, const Table& above, const std::string& section = "");

// Puts `value` at the dotted `key` of a tree of tables.
void set_dotted(Table& table, const std::string& key, Value value, const Origin& origin);

// `overrides` are the K=V texts of --set, K a dotted key. A V that is not TOML is taken as text, so that
// `--set selector.plugin=variance` needs no quotes.
Table load_merged(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                  Diagnostics& diagnostics);

// The K=V texts alone, as a table.
Table override_table(const std::vector<std::string>& overrides, Diagnostics& diagnostics);

}  // namespace trefoil::config
