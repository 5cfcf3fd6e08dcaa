// run_experiment: runs resolved experiments, each into its run directory.
#pragma once

#include <exception>
#include <filesystem>
#include <vector>

#include "config/experiment.h"
#include "run/run_options.h"
#include "run/shared_work.h"
#include "run/summary.h"
#include "runtime/observer.h"

namespace trefoil::run {

// Runs the experiment and writes its run directory. When it throws, status.json of the directory holds "failed" or
// "interrupted" and the reason, and no output file is incomplete.
Summary run_experiment(const config::Experiment& experiment, const RunOptions& options, runtime::Observer& observer);

// One of several experiments that are run together. The directory is made for it and must not exist.
struct FamilyMember {
  const config::Experiment& experiment;
  std::filesystem::path directory;
};

// Runs one experiment, or several that differ in α, β and γ only and whose queries are classified in one pass. A member
// that fails does not stop the others. Returns the exception of each member, null for those that are done. Throws
// Interrupted, and RunError when a directory cannot be made. Does not use options.runs.
std::vector<std::exception_ptr> run_family(const std::vector<FamilyMember>& members, const RunOptions& options,
                                           runtime::Observer& observer, SharedWork& shared);

}  // namespace trefoil::run
