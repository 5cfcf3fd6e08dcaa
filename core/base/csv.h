// Comma-separated values (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trefoil::base {

// A field, quoted if it must be.
std::string csv_field(std::string_view text);

// The rows of a whole file, each with its fields. A last line without its end counts too.
std::vector<std::vector<std::string>> csv_rows(std::string_view text);

}  // namespace trefoil::base
