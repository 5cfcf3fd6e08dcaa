// Completion scripts for shells, made from the declaration of the command line.
#pragma once

#include <string>
#include <vector>

#include "command_tree.h"

namespace runner {

std::string bash_completion(const std::vector<CommandText>& tree);
std::string zsh_completion(const std::vector<CommandText>& tree);

}  // namespace runner
