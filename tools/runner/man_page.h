// The manual page, made from the declaration of the command line.
#pragma once

#include <string>
#include <vector>

#include "command_tree.h"

namespace runner {

// runner(1), for man. `footer` is what --help ends with, a paragraph a line.
std::string man_page(const std::vector<CommandText>& tree, const std::string& footer);

}  // namespace runner
