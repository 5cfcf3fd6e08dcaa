// What the machine tells: its name, the time, the memory in use.
#pragma once

#include <string>

namespace trefoil::base {

std::string host_name();

// Now, in UTC, by a format of std::strftime.
std::string utc_time(const char* format = "%Y-%m-%dT%H:%M:%SZ");

// Processor cores that this process may use: those that it is bound to, and no more than Slurm has given its task.
int usable_cores();

// The most memory that this process has had so far.
double peak_memory_mib();

}  // namespace trefoil::base
