// Ctrl-C and SIGTERM: the first asks the run to stop cleanly, the second ends the process at once.
#pragma once

namespace runner {

void catch_interrupts();
bool interrupted();

}  // namespace runner
