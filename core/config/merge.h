// Reads an experiment file into one table: follows `extends`, applies `--set`, and replaces `${env:…}`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// Merges `above` into `below`. Tables are merged key by key, and every other value of `above` replaces the one in
// `below`. When `above` names another `plugin` (or, in [data], another `layout`), the keys in `below` that belong to
// the old plugin are removed. Keys that belong to Trefoil, such as selector.q, stay. `section` is the name of the
// table, "" for the whole file.
void merge_into(Table& below, const Table& above, const std::string& section = "");

// Sets the value at a dotted key. Creates the tables on the way.
void set_dotted(Table& table, const std::string& key, Value value, const Origin& origin);

// Reads an experiment file. `overrides` are the texts KEY=VALUE of --set, where KEY is a dotted key. A VALUE that is
// not TOML is taken as a text, so `--set selector.plugin=variance` needs no quotes.
Table load_merged(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                  Diagnostics& diagnostics);

// Returns a table with only the overrides.
Table override_table(const std::vector<std::string>& overrides, Diagnostics& diagnostics);

}  // namespace trefoil::config
