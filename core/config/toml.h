// Reading and writing TOML. The only file that knows the TOML library.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// The file's content, or an empty table and a diagnostic when it is not TOML or cannot be read.
Table read_toml(const std::filesystem::path& file, Diagnostics& diagnostics);

// A single TOML value such as `0.5`, `[1, 2]` or `"text"`; nothing when the text is not one.
std::optional<Value> parse_toml_value(std::string_view text);

// A string as a quoted TOML text.
std::string toml_quoted(std::string_view text);

// A real number so that reading it back gives the same bits, and it stays a real number.
std::string real_text(double value);

}  // namespace trefoil::config
