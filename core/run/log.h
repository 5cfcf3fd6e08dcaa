// RunLog: writes log lines and progress to log.txt and status.json of the run, and passes them to the caller's
// observer. A run goes on when log.txt cannot be written, for its results do not depend on it; the observer is told
// once.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "run/status.h"
#include "runtime/observer.h"

namespace spdlog {
class logger;
}

namespace trefoil::run {

class RunLog final : public runtime::Observer {
 public:
  // Throws RunError when the file cannot be made.
  RunLog(const std::filesystem::path& file, runtime::Observer& caller, Status& status);
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  void log(LogLevel level, const std::string& line) override;
  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override;

  // Writes an error to the file only, because the caller gets it as an exception.
  void record_failure(const std::string& what);

  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::shared_ptr<spdlog::logger> file_;
  runtime::Observer& caller_;
  Status& status_;
  std::vector<std::string> warnings_;
  bool is_incomplete_ = false;  // whether some line could not be written to the file
};

}  // namespace trefoil::run
