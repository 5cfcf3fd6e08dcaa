// Dotted keys in their two spellings: "selector.q" = … and selector.q = …, which TOML reads as a table in a table.
#pragma once

#include <string>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// Sets an entry whose key is dotted. If the key has a value in the other spelling, a value of --set stays. Otherwise
// the new entry replaces it. Reports a key that one file has twice.
void set_flat(Table& flat, Entry entry, Diagnostics& diagnostics);

// Adds the entries of nested tables to `flat`, with dotted keys that begin with `prefix`. A table with `from` is a
// range and stays a table.
void flatten(const Table& table, const std::string& prefix, Table& flat, Diagnostics& diagnostics);

}  // namespace trefoil::config
