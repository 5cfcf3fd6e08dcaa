// Workers: more processes of this program that work on the same sweep.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace runner {

class Workers {
 public:
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();  // stops all and waits for them

  // Starts this program with these arguments, silent. Throws RunError.
  void start(const std::vector<std::string>& arguments);
  void wait();

  // Asks them to end after the jobs that they are at.
  void stop();

 private:
  std::vector<pid_t> processes_;
};

// Called by a worker: it is asked to end, as by `stop`, when the process `parent` ends in whatever way. Throws
// Interrupted when it has ended already.
void end_with_parent(pid_t parent);

}  // namespace runner
