// Where a command computes, and what every long command does before it starts.
#pragma once

#include <string>

#include "runtime/compute.h"

namespace runner {

// `threads` 0: one a core. Throws ConfigError when there is no such device.
trefoil::runtime::Compute compute_of(const std::string& device, int threads);

// Sets the process's threads, memory and signals. After `clean_stops` interrupts, the next one ends the process.
void prepare_process(int clean_stops = 1);

}  // namespace runner
