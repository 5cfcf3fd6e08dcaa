// run_experiment: experiments from their resolved descriptions to their run directories.
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

// Loads, selects, relates, trains, classifies, and writes everything. Whatever it throws, the run directory (if it was
// made) tells: status.json says "failed" or "interrupted" and why, and no output is half written.
Summary run_experiment(const config::Experiment& experiment, const RunOptions& options, runtime::Observer& observer);

// One of several experiments that are run together, and the directory that is made for it, which must not exist.
struct FamilyMember {
  const config::Experiment& experiment;
  std::filesystem::path directory;
};

// The same for experiments that differ in α, β and γ only: their queries are classified in one pass. For one experiment
// any will do. A member that fails does not stop the others: what it threw is in its place, null when it is done.
// Throws Interrupted, and RunError when a directory cannot be made. options.runs is not used.
std::vector<std::exception_ptr> run_family(const std::vector<FamilyMember>& members, const RunOptions& options,
                                           runtime::Observer& observer, SharedWork& shared);

}  // namespace trefoil::run
