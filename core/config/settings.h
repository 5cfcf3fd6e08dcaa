// Settings: checks a table against a list of declared parameters.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/value.h"
#include "trefoil/parameters.h"

namespace trefoil::config {

// One value with its dotted key. The value knows where it was set.
struct Setting {
  std::string key;
  Value value;
  std::string help;
};

// Returns the value of a parameter as a value of a file.
Value file_value(const ParameterValue& value, const Origin& origin);

// Checks every entry of `table` against the declarations and fills in defaults. Appends the values to `settings` in the
// order of the declarations. `section` is the name of the table ("" at the top level). `owned` are keys that the caller
// reads itself. A default path is relative to `folder`. Problems are added to `diagnostics`; the returned values are
// then incomplete.
Parameters read_settings(const Table& table, const std::string& section, const std::vector<Parameter>& declared,
                         const std::vector<std::string>& owned, const std::filesystem::path& folder,
                         Diagnostics& diagnostics, std::vector<Setting>& settings);

// Returns an absolute path, resolved as the operating system does: ".." after a symbolic link is the parent of its
// target. "" stays "".
std::string absolute_path(const std::string& text, const std::filesystem::path& folder);

// Returns the default of a declared parameter.
ParameterValue default_value(const Parameter& declared);

// Returns "a real number, 0 to 1,000", "one of \"a\" \"b\"", …, for error messages and `runner plugins`.
std::string type_text(const Parameter& declared);

std::vector<std::string> choices_of(const Parameter& declared);

// Returns the value as TOML on one line.
std::string toml_text(const Value& value);

// Returns the value as TOML. A text with line breaks takes several lines.
std::string toml_lines_text(const Value& value);

}  // namespace trefoil::config
