#include "run/run_experiment.h"

#include <list>

#include "base/errors.h"
#include "base/stopwatch.h"
#include "run/log.h"
#include "run/run.h"
#include "run/run_directory.h"
#include "run/status.h"
#include "runtime/blocks.h"

namespace trefoil::run {

namespace {

// A run with its log and its status file.
class RecordedRun {
 public:
  RecordedRun(const config::Experiment& experiment, const RunOptions& options, RunDirectory directory,
              runtime::Observer& observer, SharedWork& shared, Heartbeat& heartbeat)
      : directory_(std::move(directory)),
        status_(directory_.file("status.json"), heartbeat),
        log_(directory_.file("log.txt"), observer, status_),
        run_(experiment, options, directory_, log_, shared) {}

  // Calls `step` unless an earlier one failed, and keeps the exception that it throws. Throws only Interrupted.
  template <typename Step>
  void attempt(Step step) {
    if (failure_) return;
    try {
      step(run_);
    } catch (const Interrupted&) {
      throw;  // `interrupt` records it, for all runs of the family
    } catch (const std::exception& error) {
      failure_ = std::current_exception();
      record("failed", error.what());
    }
  }

  void interrupt(const std::string& what) {
    if (!failure_ && !done_) record("interrupted", what);
  }

  void finish(double seconds) {
    attempt([&](Run& run) { summary_ = run.finish(seconds); });
    if (failure_) return;
    status_.finish("done", "");
    done_ = true;
  }

  Run& run() { return run_; }
  const RunDirectory& directory() const { return directory_; }
  RunLog& log() { return log_; }
  const std::exception_ptr& failure() const { return failure_; }
  Summary take_summary() { return std::move(summary_); }

 private:
  void record(const std::string& state, const std::string& what) {
    log_.record_failure(what);
    status_.finish(state, what);
  }

  RunDirectory directory_;
  Status status_;
  RunLog log_;
  Run run_;
  Summary summary_;
  std::exception_ptr failure_;
  bool done_ = false;
};

using RecordedRuns = std::list<RecordedRun>;

// Classifies the queries for all of these runs at once. Throws when any of them fails.
void classify_together(const std::vector<RecordedRun*>& runs, const runtime::Compute& compute) {
  std::vector<Submitter> submitters;
  submitters.reserve(runs.size());
  for (RecordedRun* run : runs) submitters.push_back(run->run().submitter());
  const Run& first = runs.front()->run();
  submit(*first.task().query, submitters, first.plugin_label(), first.task().subsets, compute, runs.front()->log());
}

// Classifies the queries for all runs that have not failed: together, or one by one when that fails, to find which run
// fails.
void classify(RecordedRuns& runs, const runtime::Compute& compute) {
  std::vector<RecordedRun*> prepared;
  for (RecordedRun& run : runs) {
    if (!run.failure()) prepared.push_back(&run);
  }
  if (prepared.size() > 1) {
    try {
      classify_together(prepared, compute);
      return;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception&) {
      prepared.front()->log().log(LogLevel::info,
                                  "classifying the jobs of this family one by one, because one of them failed");
    }
  }
  for (RecordedRun* run : prepared) run->attempt([&](Run&) { classify_together({run}, compute); });
}

void run_all(RecordedRuns& runs, const runtime::Compute& compute) {
  try {
    for (RecordedRun& run : runs) run.attempt([](Run& started) { started.prepare(); });
    const base::Stopwatch watch;
    classify(runs, compute);
    const double seconds = watch.seconds() / static_cast<double>(runs.size());
    for (RecordedRun& run : runs) run.finish(seconds);
  } catch (const Interrupted& interruption) {
    for (RecordedRun& run : runs) run.interrupt(interruption.what());
    throw;
  }
}

// The run is complete: a link that cannot be set must not make it a failure.
void mark_latest(RecordedRun& run) {
  try {
    run.directory().mark_latest();
  } catch (const RunError& error) {
    run.log().log(LogLevel::warning, error.what());
  }
}

}  // namespace

Summary run_experiment(const config::Experiment& experiment, const RunOptions& options, runtime::Observer& observer) {
  SharedWork shared;
  Heartbeat heartbeat;
  RecordedRuns runs;
  RunDirectory directory = RunDirectory::stamped(options.runs, experiment.name, base::sha256(to_toml(experiment)));
  RecordedRun& run = runs.emplace_back(experiment, options, std::move(directory), observer, shared, heartbeat);
  run_all(runs, options.compute);
  if (run.failure()) std::rethrow_exception(run.failure());
  mark_latest(run);
  return run.take_summary();
}

std::vector<std::exception_ptr> run_family(const std::vector<FamilyMember>& members, const RunOptions& options,
                                           runtime::Observer& observer, SharedWork& shared) {
  const runtime::KeepFreedBlocks keep;  // every member computes in memory of the same sizes
  Heartbeat heartbeat;
  RecordedRuns runs;
  for (const FamilyMember& member : members)
    runs.emplace_back(member.experiment, options, RunDirectory(member.directory), observer, shared, heartbeat);
  run_all(runs, options.compute);
  std::vector<std::exception_ptr> failures;
  for (const RecordedRun& run : runs) failures.push_back(run.failure());
  return failures;
}

}  // namespace trefoil::run
