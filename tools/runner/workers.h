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
  ~Workers();  // waits for all

  // Starts this program with these arguments, silent. Throws RunError.
  void start(const std::vector<std::string>& arguments);
  void wait();

 private:
  std::vector<pid_t> processes_;
};

}  // namespace runner
