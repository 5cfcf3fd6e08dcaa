#include "sweep/outdated.h"

#include "base/data_errors.h"
#include "run/provenance.h"

namespace trefoil::sweep {

Outdated::Outdated(const Plan& plan, const std::filesystem::path& folder) {
  for (const PlannedJob& job : plan.jobs) {
    const JobFolder job_folder(folder, job.hash);
    if (job_folder.state() == JobState::open) continue;
    const std::string changed = changed_input(job, job_folder);
    if (changed.empty()) continue;
    hashes_.insert(job.hash);
    ++changes_[changed];
  }
}

JobState Outdated::state(const PlannedJob& job, const JobFolder& folder) {
  const JobState state = folder.state();
  const bool was_outdated = state != JobState::open && hashes_.count(job.hash) != 0;
  return was_outdated && !changed_input(job, folder).empty() ? JobState::open : state;
}

std::string Outdated::changed_input(const PlannedJob& job, const JobFolder& folder) {
  const std::filesystem::path file = folder.path() / "provenance.json";
  return base::translate_filesystem_errors([&] { return run::changed_input(file, job.resolve(), sums_); });
}

}  // namespace trefoil::sweep
