// Comma-separated values (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trefoil::base {

// Returns the text as one field, in quotes if it needs them.
std::string csv_field(std::string_view text);

// Returns a text from outside, such as the name of a file, a class or an ablation, as one field. Spreadsheets compute
// fields that begin with = + - @, a tab or a carriage return, so such a field gets an apostrophe in front (OWASP, "CSV
// Injection"). Numbers stay as they are.
std::string csv_text(std::string_view text);

// Returns the text of a field that csv_text wrote and csv_rows has split.
std::string csv_text_of(std::string_view field);

// Splits the text of a file into rows of fields. The last row needs no line break.
std::vector<std::vector<std::string>> csv_rows(std::string_view text);

}  // namespace trefoil::base
