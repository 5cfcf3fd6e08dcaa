#include "sweep_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/errors.h"
#include "base/text.h"
#include "interrupt.h"

namespace runner {

namespace {

using trefoil::base::counted;
using trefoil::base::grouped;

constexpr double kLongStageSeconds = 2;  // stages of a job that take less time are not shown

// "2 jobs failed, best so far 67.38 %, job 17".
std::string sweep_note(const trefoil::sweep::Progress& progress) {
  std::vector<std::string> notes;
  if (progress.failed > 0) notes.push_back(counted(progress.failed, "job") + " failed");
  if (progress.best)
    notes.push_back(fmt::format("best so far {:.2f} %, job {}", progress.best->accuracy, progress.best->job->index));
  return fmt::format("{}", fmt::join(notes, ", "));
}

}  // namespace

void SweepProgress::progress(const std::string& stage, std::int64_t done, std::int64_t total) {
  notice_interrupts();
  if (interrupts() > 1) throw trefoil::Interrupted();
  if (stage != stage_) {
    stage_ = stage;
    stage_time_ = trefoil::base::TimeLeft();
    stage_watch_ = trefoil::base::Stopwatch();
  }
  const double seconds = stage_watch_.seconds();
  stage_time_.add(seconds, done);
  if (seconds < kLongStageSeconds) return;
  const std::optional<double> left = stage_time_.seconds(done, total);
  draw(fmt::format("job: {} {} of {}{}", stage, grouped(done), grouped(total),
                   left ? ", " + trefoil::base::duration_text(*left) + " left" : ""));
}

void SweepProgress::show(const trefoil::sweep::Progress& progress) {
  notice_interrupts();
  sweep_ = progress;
  sweep_.total = std::max(before_.total, progress.total);
  sweep_.done += before_.done;
  sweep_.failed += before_.failed;
  if (!sweep_.best || (before_.best && before_.best->accuracy >= sweep_.best->accuracy)) sweep_.best = before_.best;
  if (!interrupted()) draw("");
}

void SweepProgress::draw(const std::string& job_note) {
  const std::string sweep = sweep_note(sweep_);
  terminal_.set_note(sweep + (sweep.empty() || job_note.empty() ? "" : "; ") + job_note);
  terminal_.show("sweep", static_cast<std::int64_t>(sweep_.total - sweep_.left()),
                 static_cast<std::int64_t>(sweep_.total));
}

void SweepProgress::notice_interrupts() {
  for (; noticed_ < interrupts(); ++noticed_) {
    if (noticed_ == 0) {
      terminal_.log(trefoil::LogLevel::info,
                    "interrupted: finishing the running job; press Ctrl-C again to stop it now");
    }
    if (on_interrupt_) on_interrupt_();
  }
}

}  // namespace runner
