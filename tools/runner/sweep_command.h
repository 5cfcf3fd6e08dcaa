// The parts of running sweeps that the commands `run` and `job` share.
#pragma once

#include "commands.h"
#include "config/experiment.h"
#include "sweep/execute.h"
#include "terminal.h"

namespace runner {

// Runs the jobs of an experiment file that has a sweep, or shows them.
void run_sweep(const RunOptions& options, const trefoil::config::ExperimentFile& file);

// Executes jobs with progress on the terminal; Ctrl-C lets the running ones end. Failed jobs are told as they come.
trefoil::sweep::Progress execute_jobs(const trefoil::sweep::Plan& plan, const trefoil::sweep::ExecuteOptions& options,
                                      Terminal& terminal);

// Opens the jobs that are to run again, and says why.
void reopen_jobs(const trefoil::sweep::Plan& plan, const std::filesystem::path& folder, bool with_failed,
                 Terminal& terminal);

}  // namespace runner
