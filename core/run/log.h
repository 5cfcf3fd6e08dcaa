// RunLog: what goes to the caller's observer also goes to log.txt and status.json of the run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/observer.h"
#include "run/status.h"

namespace spdlog {
class logger;
}

namespace trefoil::run {

class RunLog final : public pipeline::Observer {
 public:
  RunLog(const std::filesystem::path& file, pipeline::Observer& caller, Status& status);

  void log(LogLevel level, const std::string& line) override;
  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override;

  // To the file only: the caller learns of a failure by the exception.
  void record_failure(const std::string& what);

  const std::vector<std::string>& warnings() const { return warnings_; }
  std::size_t lines() const { return lines_; }  // that were logged so far

 private:
  std::shared_ptr<spdlog::logger> file_;
  pipeline::Observer& caller_;
  Status& status_;
  std::vector<std::string> warnings_;
  std::size_t lines_ = 0;
};

}  // namespace trefoil::run
