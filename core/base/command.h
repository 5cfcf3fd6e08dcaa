// Runs another program.
#pragma once

#include <string>
#include <vector>

namespace trefoil::base {

struct CommandResult {
  int exit_code = 0;   // 127 when there is no such program
  std::string output;  // stdout and stderr together
};

// Runs the program words[0], found through PATH, with the other words as its arguments, and waits until it ends. No
// shell is used, and stdin is empty. Throws RunError when the process cannot be started.
CommandResult run_command(const std::vector<std::string>& words);

}  // namespace trefoil::base
