// Interrupts: Ctrl-C (SIGINT) and SIGTERM ask the program to stop. After `clean_stops` of them, the next one ends the
// process at once.
#pragma once

namespace runner {

void catch_interrupts(int clean_stops = 1);

// How many interrupts have come.
int interrupts();

inline bool interrupted() { return interrupts() > 0; }

}  // namespace runner
