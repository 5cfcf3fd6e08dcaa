// Where a command computes, and what every long command does before it starts.
#pragma once

#include <string>

#include "pipeline/classify.h"

namespace runner {

// `threads` 0: one a core. Throws ConfigError when there is no such device.
trefoil::runtime::Compute compute_of(const std::string& device, int threads);

// Threads, memory, and Ctrl-C.
void prepare_process();

}  // namespace runner
