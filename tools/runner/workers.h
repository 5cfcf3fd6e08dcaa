// Workers: processes of this program that work on the same sweep.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace runner {

class Workers {
 public:
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();  // stops all processes and waits for them

  // Starts this program with these arguments, without input and output. The process does not get the terminal's Ctrl-C.
  // Throws RunError.
  void start(const std::vector<std::string>& arguments);

  // Waits until all processes have ended. Calls `while_waiting` several times a second.
  void wait(const std::function<void()>& while_waiting);

  // Sends SIGTERM to all processes. The first call makes them end after their running jobs; the second call stops the
  // jobs.
  void stop();

 private:
  std::vector<pid_t> processes_;
};

// A worker calls this first: it then gets SIGTERM when the process `parent` ends for any reason. Throws Interrupted
// when `parent` has ended already.
void end_with_parent(pid_t parent);

}  // namespace runner
