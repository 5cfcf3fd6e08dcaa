// Slurm: runs the jobs of a sweep as job arrays on a cluster.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sweep/outdated.h"
#include "sweep/plan.h"
#include "trefoil/parameters.h"

namespace trefoil::sweep {

// The Slurm jobs of a sweep. Stored as slurm.json in the folder of the sweep.
struct Submission {
  std::vector<std::string> arrays;  // ids of the job arrays
  std::string report;               // id of the job that compares the results at the end
  std::size_t tasks = 0;            // of all arrays
  std::size_t jobs = 0;

  std::vector<std::string> ids() const;
};

// Submits the jobs of the plan that are open or `outdated`, and with `with_failed` also the failed ones. Does not wait
// for them. `launcher` is the result of config::read_launcher. `runner` is the program, followed by its options after
// `job --plan FOLDER --index I`. Throws RunError when tasks of an earlier submission are still queued, and when sbatch
// fails; jobs that were submitted before the failure are cancelled.
Submission submit_to_slurm(const Plan& plan, const std::filesystem::path& folder, const Parameters& launcher,
                           const std::vector<std::string>& runner, Outdated& outdated, bool with_failed);

// The last submission of the sweep. `read_submission` throws DataError when there is none.
bool was_submitted(const std::filesystem::path& folder);
Submission read_submission(const std::filesystem::path& folder);
void write_submission(const Submission& submission, const std::filesystem::path& folder);

// The number of tasks that are still in the queue, by state ("PENDING", "RUNNING", …). Throws RunError when squeue
// fails.
std::vector<std::pair<std::string, std::size_t>> queued(const Submission& submission);

// Cancels all jobs of the submission. Throws RunError.
void cancel(const Submission& submission);

}  // namespace trefoil::sweep
