// Interrupts: Ctrl-C (SIGINT), SIGTERM, a closed terminal (SIGHUP) and the end of the allowed processor time (SIGXCPU)
// ask the program to stop. The first `clean_stops` of them are only counted; the next one ends the process at once. A
// signal that the parent process has set to be ignored, as nohup does, stays ignored.
#pragma once

namespace runner {

void catch_interrupts(int clean_stops = 1);

// Returns the number of interrupts so far.
int interrupts();

inline bool interrupted() { return interrupts() > 0; }

}  // namespace runner
