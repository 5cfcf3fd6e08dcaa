// SweepProgress: shows how far a sweep and its running job are, and passes interrupts on.
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

// The observer of the jobs of a sweep. Log lines of a job go to the job's own log only. The first interrupt lets the
// running job finish; the second one stops it.
class SweepProgress final : public trefoil::runtime::Observer {
 public:
  // `on_interrupt` is called once for each interrupt, for example to pass it on to other processes. It may be empty.
  SweepProgress(Terminal& terminal, std::function<void()> on_interrupt)
      : terminal_(terminal), on_interrupt_(std::move(on_interrupt)) {}

  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}

  // Progress of the running job. Throws Interrupted after the second interrupt.
  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override;

  // Progress of the plan that is executed.
  void show(const trefoil::sweep::Progress& progress);

  // From now on a smaller plan is executed, with the jobs that were left in `before`. Its progress is added to
  // `before`.
  void start_from(const trefoil::sweep::Progress& before) { before_ = before; }

  // What was shown last: the progress of the whole sweep.
  const trefoil::sweep::Progress& sweep() const { return sweep_; }

  // Reports interrupts that have come since the last call, and calls `on_interrupt` for each.
  void notice_interrupts();

 private:
  void draw(const std::string& job_note);

  Terminal& terminal_;
  std::function<void()> on_interrupt_;
  trefoil::sweep::Progress before_;
  trefoil::sweep::Progress sweep_;
  std::string stage_;  // of the running job
  trefoil::base::TimeLeft stage_time_;
  trefoil::base::Stopwatch stage_watch_;
  int noticed_ = 0;  // interrupts
};

}  // namespace runner
