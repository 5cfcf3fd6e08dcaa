// Outdated: finished jobs whose plugins or input files have changed since they ran.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "base/sha256.h"
#include "sweep/job_folder.h"
#include "sweep/plan.h"

namespace trefoil::sweep {

class Outdated {
 public:
  Outdated() = default;  // no job is outdated

  // Compares all finished jobs of the plan with the present files. Removes nothing. Throws DataError when a file cannot
  // be read.
  Outdated(const Plan& plan, const std::filesystem::path& folder);

  // The number of outdated jobs by the input that has changed: a path, or a parameter such as "encoder.weights".
  const std::map<std::string, std::size_t>& changes() const { return changes_; }

  // The present state of the job. An outdated job is open until some process has run it again.
  JobState state(const PlannedJob& job, const JobFolder& folder);

  // Called after the job has run: from now on its state is the one in its folder, even if a file changes again.
  void forget(const PlannedJob& job) { hashes_.erase(job.hash); }

 private:
  std::string changed_input(const PlannedJob& job, const JobFolder& folder);

  base::FileSums sums_;
  std::set<std::string> hashes_;
  std::map<std::string, std::size_t> changes_;
};

}  // namespace trefoil::sweep
