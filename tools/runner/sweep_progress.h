// SweepProgress: shows the progress of a sweep and of its running job, and handles interrupts.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/stopwatch.h"
#include "base/time_left.h"
#include "runtime/observer.h"
#include "sweep/execute.h"
#include "terminal.h"

namespace runner {

// The observer of a sweep's jobs. A job's log lines go only to the job's own log. The first interrupt lets the running
// job finish; the second one stops it.
class SweepProgress final : public trefoil::runtime::Observer {
 public:
  // `on_interrupt` is called once for each interrupt, for example to pass it on to other processes. It may be empty.
  SweepProgress(Terminal& terminal, std::function<void()> on_interrupt)
      : terminal_(terminal), on_interrupt_(std::move(on_interrupt)) {}

  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}

  // Shows the progress of the running job. Throws Interrupted after the second interrupt.
  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override;

  // Shows the progress of the plan that is executed.
  void show(const trefoil::sweep::Progress& progress);

  // Call before a plan with only the jobs that other processes were running in `before` is executed. Its progress is
  // then added to `before`.
  void start_from(const trefoil::sweep::Progress& before) { before_ = before; }

  // Returns the progress of the whole sweep, as shown last.
  const trefoil::sweep::Progress& sweep() const { return sweep_; }

  // Reports interrupts that have come since the last call, and calls `on_interrupt` for each.
  void notice_interrupts();

 private:
  void draw(const std::string& job_note);

  Terminal& terminal_;
  std::function<void()> on_interrupt_;
  trefoil::sweep::Progress before_;
  trefoil::sweep::Progress sweep_;
  std::string stage_;  // the running job's
  trefoil::base::TimeLeft stage_time_;
  trefoil::base::Stopwatch stage_watch_;
  int noticed_ = 0;  // number of interrupts that were reported
};

}  // namespace runner
