// Facts about the machine and this process: host name, time, processor cores, memory.
#pragma once

#include <string>

namespace trefoil::base {

std::string host_name();

// Returns the current time in UTC. `format` is a format of std::strftime.
std::string utc_time(const char* format = "%Y-%m-%dT%H:%M:%SZ");

// Returns the number of processor cores that this process may use: the cores that it is bound to, but at most the
// number that Slurm gave to its task.
int usable_cores();

// Returns the peak memory (resident set size) of this process so far.
double peak_memory_mib();

}  // namespace trefoil::base
