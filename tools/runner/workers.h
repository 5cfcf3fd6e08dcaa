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

}  // namespace runner
