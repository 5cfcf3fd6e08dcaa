// The device and the threads of a command, and the preparation of the process for a long command.
#pragma once

#include <string>

#include "runtime/compute.h"

namespace runner {

// `threads` 0 means one per core. Throws ConfigError when the device is not available.
trefoil::runtime::Compute compute_of(const std::string& device, int threads);

// Sets the process's threads, memory and signals. After `clean_stops` interrupts, the next one ends the process.
void prepare_process(int clean_stops = 1);

}  // namespace runner
