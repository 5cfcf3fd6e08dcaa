// Settings: a table checked against a list of declared parameters.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"
#include "trefoil/parameters.h"

namespace trefoil::config {

// One resolved value, which knows where it came from, and its dotted key.
struct Setting {
  std::string key;
  Value value;
  std::string help;
};

// A parameter's value as one of a file.
Value file_value(const ParameterValue& value, const Origin& origin);

// Checks every entry of `table` against the declarations, fills in defaults, and appends to `settings` in the order of
// the declarations. `section` is the table's name ("" at the top level); `owned` are keys that the caller reads itself;
// a default path is relative to `folder`, the experiment file's.
// Problems go to `diagnostics`; the values returned are then incomplete.
Parameters read_settings(const Table& table, const std::string& section, const std::vector<Parameter>& declared,
                         const std::vector<std::string>& owned, const std::filesystem::path& folder,
                         Diagnostics& diagnostics, std::vector<Setting>& settings);

// The default of a declaration, as the host hands it to a plugin.
ParameterValue default_value(const Parameter& declared);

// "a real number, 0 to 1000", "one of \"a\" \"b\"", … for error messages and `runner plugins`.
std::string type_text(const Parameter& declared);

std::vector<std::string> choices_of(const Parameter& declared);

// As TOML.
std::string toml_text(const Value& value);

}  // namespace trefoil::config
