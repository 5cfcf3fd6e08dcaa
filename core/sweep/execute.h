// Execute: runs the jobs of a plan that are not done yet.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "run/run_experiment.h"
#include "runtime/observer.h"
#include "sweep/outdated.h"
#include "sweep/plan.h"

namespace trefoil::sweep {

struct ExecuteOptions {
  std::filesystem::path folder;  // of the sweep
  run::RunOptions run;
  std::optional<std::size_t> most_failures;  // stop after so many
};

// The job of the highest accuracy, the first of equals.
struct BestJob {
  const PlannedJob* job = nullptr;
  double accuracy = 0;  // test.top1, in percent
};

struct Progress {
  std::size_t total = 0;
  std::size_t done = 0;         // with those that were done before
  std::size_t failed = 0;       // likewise
  std::size_t elsewhere = 0;    // another process is at them
  std::optional<BestJob> best;  // of the done ones that `execute` has come by
  std::size_t left() const { return total - done - failed - elsewhere; }
};

// What the caller sees of it, and how it stops it.
struct ExecuteCalls {
  std::function<void(const Progress&)> progress;                      // after every family of jobs
  std::function<void(const PlannedJob&, const std::string&)> failed;  // a job, and what it died of
  std::function<bool()> stop;  // asked between families: whether to go no further
};

// Each job's directory is jobs/<hash> in the folder; jobs that share work are run together. Those that are `outdated`
// are run again. A job that fails is recorded as failed, and the others go on. Safe when several processes execute the
// same plan in the same folder at once: no job is run twice. Throws RunError when the folder cannot be written.
Progress execute(const Plan& plan, const ExecuteOptions& options, Outdated& outdated, runtime::Observer& observer,
                 const ExecuteCalls& calls);

// Removes what failed jobs have left, so that they are open again. Throws RunError.
void reopen_failed(const Plan& plan, const std::filesystem::path& folder);

// How far the jobs in the folder are, by their status; `elsewhere` are those that a process is at.
Progress count_jobs(const std::filesystem::path& folder, const std::vector<std::string>& hashes);

}  // namespace trefoil::sweep
