// Outdated: jobs that have ended, with other plugins or from other files than there are now.
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
  Outdated() = default;  // no job is

  // Looks at all jobs of the plan, and removes nothing. Throws DataError when a file cannot be read.
  Outdated(const Plan& plan, const std::filesystem::path& folder);

  // How many jobs there were, by what has changed: a path, or "encoder.weights" and the like.
  const std::map<std::string, std::size_t>& changes() const { return changes_; }

  // The job's state as it is now; open when it was outdated and still is, because nobody has run it again meanwhile.
  JobState state(const PlannedJob& job, const JobFolder& folder);

  // The job has been run here: its state is what its folder says, even if files change all the time.
  void forget(const PlannedJob& job) { hashes_.erase(job.hash); }

 private:
  std::string changed_input(const PlannedJob& job, const JobFolder& folder);

  base::FileSums sums_;
  std::set<std::string> hashes_;
  std::map<std::string, std::size_t> changes_;
};

}  // namespace trefoil::sweep
