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
  std::optional<std::size_t> most_failures;  // stop after this many failures
};

// The job of the highest accuracy, the first of equals.
struct BestJob {
  const PlannedJob* job = nullptr;
  double accuracy = 0;  // test.top1, in percent
};

// Counts of jobs. Jobs of earlier executions count too.
struct Progress {
  std::size_t total = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  std::size_t elsewhere = 0;                      // running in another process
  std::vector<const PlannedJob*> jobs_elsewhere;  // those of them that `execute` has found
  std::optional<BestJob> best;                    // among the done jobs that `execute` has found
  std::size_t left() const { return total - done - failed - elsewhere; }
};

struct ExecuteCalls {
  std::function<void(const Progress&)> progress;                      // called after every family of jobs
  std::function<void(const PlannedJob&, const std::string&)> failed;  // called with a job and its error
  std::function<bool()> stop;                                         // called between families: true ends `execute`
};

// Runs the jobs of a plan that are not done. Each job's directory is jobs/<hash> in the folder. Jobs that share work
// are run together. Jobs that are `outdated` are run again. A job that fails is recorded as failed, and the others go
// on. When `observer` throws Interrupted, the running jobs are recorded as interrupted, and `execute` returns. Several
// processes may execute one plan in one folder at once: no job is run twice. Throws RunError when the folder cannot be
// written.
Progress execute(const Plan& plan, const ExecuteOptions& options, Outdated& outdated, runtime::Observer& observer,
                 const ExecuteCalls& calls);

// Removes the directories of failed jobs, so that these run again. Throws RunError.
void reopen_failed(const Plan& plan, const std::filesystem::path& folder);

// Counts the jobs in the folder by their status. `elsewhere` counts those that some process is running.
Progress count_jobs(const std::filesystem::path& folder, const std::vector<std::string>& hashes);

}  // namespace trefoil::sweep
