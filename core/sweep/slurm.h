// Slurm: the jobs of a sweep as job arrays of a cluster.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sweep/outdated.h"
#include "sweep/plan.h"
#include "trefoil/parameters.h"

namespace trefoil::sweep {

// What a cluster runs for a sweep. Kept as slurm.json in the folder of the sweep.
struct Submission {
  std::vector<std::string> arrays;  // ids of the job arrays
  std::string report;               // id of the job that compares the results in the end
  std::size_t tasks = 0;            // of all arrays
  std::size_t jobs = 0;

  std::vector<std::string> ids() const;
};

// Submits the jobs of the plan that are open or `outdated`, `with_failed` also those that have failed, and returns at
// once. `launcher` is what config::read_launcher gives; `runner` starts a task: the program and the options that follow
// `job --plan FOLDER --index I`. Throws RunError when tasks of an earlier submission still wait, or with what sbatch
// says when it refuses; what was submitted before that is cancelled.
Submission submit_to_slurm(const Plan& plan, const std::filesystem::path& folder, const Parameters& launcher,
                           const std::vector<std::string>& runner, Outdated& outdated, bool with_failed);

// The last submission of the sweep. Reading throws DataError when there is none.
bool was_submitted(const std::filesystem::path& folder);
Submission read_submission(const std::filesystem::path& folder);
void write_submission(const Submission& submission, const std::filesystem::path& folder);

// How many of its tasks the cluster still has, by state ("PENDING", "RUNNING", …). Throws RunError when squeue fails.
std::vector<std::pair<std::string, std::size_t>> queued(const Submission& submission);

// Takes everything of it out of the queue. Throws RunError.
void cancel(const Submission& submission);

}  // namespace trefoil::sweep
