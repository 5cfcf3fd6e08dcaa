// Running another program.
#pragma once

#include <string>
#include <vector>

namespace trefoil::base {

struct CommandResult {
  int exit_code = 0;   // 127 when the program is not there
  std::string output;  // stdout and stderr, as they came
};

// Runs a program from PATH with these arguments, without a shell and without input, and waits for it. Throws RunError
// when no process can be started.
CommandResult run_command(const std::vector<std::string>& words);

}  // namespace trefoil::base
