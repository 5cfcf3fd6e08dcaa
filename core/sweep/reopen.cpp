#include "sweep/reopen.h"

#include <optional>

#include "base/sha256.h"
#include "run/provenance.h"
#include "sweep/job_folder.h"

namespace trefoil::sweep {

namespace {

struct Reason {
  bool reopens = false;
  std::string changed;  // the path; "" for a failed job
};

class Reopener {
 public:
  explicit Reopener(bool with_failed) : with_failed_(with_failed) {}

  Reason look_at(const PlannedJob& job, const JobFolder& folder) {
    const JobState state = folder.state();
    if (state == JobState::failed) return {with_failed_, ""};
    if (state != JobState::done) return {};
    const std::string changed = run::changed_input(folder.path(), job.experiment, sums_);
    return {!changed.empty(), changed};
  }

 private:
  bool with_failed_;
  base::FileSums sums_;
};

}  // namespace

std::map<std::string, std::size_t> reopen(const Plan& plan, const std::filesystem::path& folder, bool with_failed) {
  std::map<std::string, std::size_t> changed;
  Reopener reopener(with_failed);
  for (const PlannedJob& job : plan.jobs) {
    const JobFolder job_folder(folder, job.hash);
    if (!reopener.look_at(job, job_folder).reopens) continue;
    const std::optional<Claim> claim = job_folder.claim();
    if (!claim) continue;
    const Reason reason = reopener.look_at(job, job_folder);  // another may have run it again before the claim
    if (!reason.reopens) continue;
    job_folder.clear();
    if (!reason.changed.empty()) ++changed[reason.changed];
  }
  return changed;
}

}  // namespace trefoil::sweep
