// Terminal: log lines and progress on stderr. A progress bar on a terminal, plain lines in a file or pipe.
#pragma once

#include <spdlog/logger.h>

#include <chrono>
#include <string>

#include "base/time_left.h"
#include "runtime/observer.h"

namespace runner {

class Terminal final : public trefoil::runtime::Observer {
 public:
  Terminal();
  ~Terminal() override;

  void log(trefoil::LogLevel level, const std::string& line) override;

  // Text after the progress, for example "2 jobs failed".
  void set_note(const std::string& note) { note_ = note; }

  // Shows progress, once a stage has taken a second.
  void show(const std::string& stage, std::int64_t done, std::int64_t total);

  // Shows progress. Throws Interrupted after an interrupt.
  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override;

  // Removes the progress bar, so that a result can be printed.
  void clear_bar();

 private:
  using Clock = std::chrono::steady_clock;

  void draw(std::int64_t done, std::int64_t total);

  spdlog::logger logger_;
  bool interactive_;
  bool bar_drawn_ = false;
  std::string stage_;
  std::string note_;
  Clock::time_point stage_start_;
  Clock::time_point last_drawn_;
  trefoil::base::TimeLeft time_left_;
};

}  // namespace runner
