// The manual page, made from the declaration of the command line.
#pragma once

#include <string>
#include <vector>

#include "command_tree.h"

namespace runner {

// Returns the page runner(1). `footer` is the end of --help; each of its lines becomes a paragraph.
std::string man_page(const std::vector<CommandText>& tree, const std::string& footer);

}  // namespace runner
