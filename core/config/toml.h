// Reads and writes TOML. Only toml.cpp uses the TOML library.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/value.h"

namespace trefoil::config {

// Returns the content of the file. Reports a file that cannot be read or is not TOML, and returns an empty table then.
Table read_toml(const std::filesystem::path& file, Diagnostics& diagnostics);

// Returns a single TOML value such as `0.5`, `[1, 2]` or `"text"`, or nothing when the text is not one.
std::optional<Value> parse_toml_value(std::string_view text);

// Returns a text in quotes, as TOML.
std::string toml_quoted(std::string_view text);

// Returns a text with line breaks as a TOML string of several lines, in """.
std::string toml_lines(std::string_view text);

// Returns a real number as TOML. Reading it gives a real number with the same bits.
std::string real_text(double value);

}  // namespace trefoil::config
