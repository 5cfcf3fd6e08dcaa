#include "sweep/execute.h"

#include <list>

#include "base/errors.h"
#include "sweep/job_folder.h"

namespace trefoil::sweep {

namespace {

struct ClaimedJob {
  const PlannedJob* job;
  JobFolder folder;
  Claim claim;
  config::Experiment experiment;
};

std::string reason(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  }
}

class Executor {
 public:
  Executor(const Plan& plan, const ExecuteOptions& options, Outdated& outdated, runtime::Observer& observer,
           const ExecuteCalls& calls)
      : plan_(plan), options_(options), outdated_(outdated), observer_(observer), calls_(calls) {
    progress_.total = plan.jobs.size();
  }

  Progress execute() {
    std::error_code failure;
    std::filesystem::create_directories(options_.folder / "jobs", failure);
    if (failure) throw RunError((options_.folder / "jobs").string() + ": cannot be made (" + failure.message() + ")");
    for (const auto& family : families(plan_)) {
      if (calls_.stop()) break;
      std::list<ClaimedJob> claimed;
      for (const PlannedJob* job : family) claim(*job, claimed);
      try {
        if (!claimed.empty()) run(claimed);
      } catch (const Interrupted&) {
        break;  // the runs have recorded it
      }
      calls_.progress(progress_);
      const bool enough = options_.most_failures && failures_ >= *options_.most_failures;
      if (enough) break;
    }
    return progress_;
  }

 private:
  // Claims the job if it must run, and counts it otherwise.
  void claim(const PlannedJob& job, std::list<ClaimedJob>& claimed) {
    JobFolder folder(options_.folder, job.hash);
    if (count_finished(job, folder)) return folder.remove_left_claim();
    std::optional<Claim> claim = folder.claim();
    if (!claim) {
      ++progress_.elsewhere;
      progress_.jobs_elsewhere.push_back(&job);
      return;
    }
    if (count_finished(job, folder)) return;  // the process that held the claim before has finished it
    folder.clear();
    claimed.push_back({&job, std::move(folder), std::move(*claim), job.resolve()});
  }

  bool count_finished(const PlannedJob& job, const JobFolder& folder) {
    const JobState state = outdated_.state(job, folder);
    if (state == JobState::done) count_done(job, folder);
    if (state == JobState::failed) ++progress_.failed;
    return state != JobState::open;
  }

  void count_done(const PlannedJob& job, const JobFolder& folder) {
    ++progress_.done;
    const std::optional<double> accuracy = folder.accuracy();
    if (accuracy && (!progress_.best || *accuracy > progress_.best->accuracy)) progress_.best = {&job, *accuracy};
  }

  void run(std::list<ClaimedJob>& claimed) {
    std::vector<run::FamilyMember> members;
    for (const ClaimedJob& job : claimed) members.push_back({job.experiment, job.folder.path()});
    const std::vector<std::exception_ptr> failures = run::run_family(members, options_.run, observer_, shared_);
    auto job = claimed.begin();
    for (const std::exception_ptr& failure : failures) {
      const ClaimedJob& finished = *job++;
      outdated_.forget(*finished.job);
      if (!failure) {
        count_done(*finished.job, finished.folder);
        continue;
      }
      ++progress_.failed;
      ++failures_;
      calls_.failed(*finished.job, reason(failure));
    }
  }

  const Plan& plan_;
  const ExecuteOptions& options_;
  Outdated& outdated_;
  runtime::Observer& observer_;
  const ExecuteCalls& calls_;
  run::SharedWork shared_;
  Progress progress_;
  std::size_t failures_ = 0;  // in this execution
};

}  // namespace

Progress execute(const Plan& plan, const ExecuteOptions& options, Outdated& outdated, runtime::Observer& observer,
                 const ExecuteCalls& calls) {
  return Executor(plan, options, outdated, observer, calls).execute();
}

void reopen_failed(const Plan& plan, const std::filesystem::path& folder) {
  for (const PlannedJob& job : plan.jobs) {
    const JobFolder job_folder(folder, job.hash);
    if (job_folder.state() != JobState::failed) continue;
    const std::optional<Claim> claim = job_folder.claim();
    if (claim && job_folder.state() == JobState::failed) job_folder.clear();
  }
}

Progress count_jobs(const std::filesystem::path& folder, const std::vector<std::string>& hashes) {
  Progress progress;
  progress.total = hashes.size();
  for (const std::string& hash : hashes) {
    const JobFolder job(folder, hash);
    const JobState state = job.state();
    if (state == JobState::done) ++progress.done;
    if (state == JobState::failed) ++progress.failed;
    if (state == JobState::open && job.is_claimed()) ++progress.elsewhere;
  }
  return progress;
}

}  // namespace trefoil::sweep
