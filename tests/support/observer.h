// An observer for tests.
#pragma once

#include "runtime/observer.h"

namespace tests {

// Ignores logs and progress.
class QuietObserver final : public trefoil::runtime::Observer {
 public:
  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

}  // namespace tests
