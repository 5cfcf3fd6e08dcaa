#include "base/machine.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <thread>

namespace trefoil::base {

std::string host_name() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "unknown";
}

std::string utc_time(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), format, &fields);
  return text.data();
}

int usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  int count = ::sched_getaffinity(0, sizeof(cores), &cores) == 0
                  ? CPU_COUNT(&cores)
                  : static_cast<int>(std::thread::hardware_concurrency());
  const char* slurm_cores = std::getenv("SLURM_CPUS_PER_TASK");
  if (slurm_cores != nullptr && std::atoi(slurm_cores) > 0) count = std::min(count, std::atoi(slurm_cores));
  return std::max(1, count);
}

double peak_memory_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts KiB
}

}  // namespace trefoil::base
