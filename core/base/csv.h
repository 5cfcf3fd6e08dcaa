// Comma-separated values (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trefoil::base {

// Returns the text as one field, in quotes if it needs them.
std::string csv_field(std::string_view text);

// Splits the text of a file into rows of fields. The last row needs no line break.
std::vector<std::vector<std::string>> csv_rows(std::string_view text);

}  // namespace trefoil::base
