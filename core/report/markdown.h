// Markdown: the elements of tables.
#pragma once

#include <string>
#include <vector>

namespace trefoil::report {

// The text in one line, with a backslash before the characters that Markdown would interpret.
std::string markdown_text(const std::string& text);

// "| a | b |" and a line break. The fields are Markdown already.
std::string markdown_line(const std::vector<std::string>& fields);

}  // namespace trefoil::report
