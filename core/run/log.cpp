#include "run/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <utility>

#include "base/errors.h"

namespace trefoil::run {

RunLog::RunLog(const std::filesystem::path& file, runtime::Observer& caller, Status& status)
    : caller_(caller), status_(status) {
  try {
    file_ = std::make_shared<spdlog::logger>("run", std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string()));
  } catch (const spdlog::spdlog_ex& error) {
    throw RunError(file.string() + ": cannot be written (" + error.what() + ")");
  }
  file_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  file_->flush_on(spdlog::level::info);
  file_->set_error_handler([this](const std::string& why) {
    if (!std::exchange(is_incomplete_, true)) caller_.log(LogLevel::warning, "the log is incomplete: " + why);
  });
}

void RunLog::log(LogLevel level, const std::string& line) {
  const bool warning = level == LogLevel::warning;
  file_->log(warning ? spdlog::level::warn : spdlog::level::info, "{}", line);
  if (warning) warnings_.push_back(line);
  caller_.log(level, line);
}

void RunLog::record_failure(const std::string& what) { file_->log(spdlog::level::err, "{}", what); }

void RunLog::progress(const std::string& stage, std::int64_t done, std::int64_t total) {
  status_.progress(stage, done, total);
  caller_.progress(stage, done, total);
}

}  // namespace trefoil::run
