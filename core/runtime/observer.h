// Observer: receives the log lines and the progress of core, and can interrupt it. Core itself prints nothing.
#pragma once

#include <cstdint>
#include <string>

#include "trefoil/plugin.h"

namespace trefoil::runtime {

class Observer {
 public:
  virtual ~Observer() = default;

  virtual void log(LogLevel level, const std::string& line) = 0;

  // Reports that `done` of `total` steps of `stage` are finished. Throws Interrupted when the user wants to stop. Core
  // calls it from one thread.
  virtual void progress(const std::string& stage, std::int64_t done, std::int64_t total) = 0;
};

}  // namespace trefoil::runtime
