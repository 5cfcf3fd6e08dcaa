// The parts of running sweeps that the commands `run` and `job` share.
#pragma once

#include "commands.h"
#include "config/experiment.h"
#include "sweep/execute.h"
#include "sweep_progress.h"
#include "terminal.h"

namespace runner {

// Runs the jobs of an experiment file that has a sweep, or shows them.
void run_sweep(const RunOptions& options, const trefoil::config::ExperimentFile& file);

// The finished jobs whose plugins or input files have changed since. Logs each reason. None with `keep_done`.
trefoil::sweep::Outdated find_outdated(const trefoil::sweep::Plan& plan, const std::filesystem::path& folder,
                                       bool keep_done, Terminal& terminal);

// Executes jobs with progress on the terminal. Logs each failed job as a warning. An interrupt ends it early.
trefoil::sweep::Progress execute_jobs(const trefoil::sweep::Plan& plan, const trefoil::sweep::ExecuteOptions& options,
                                      trefoil::sweep::Outdated& outdated, Terminal& terminal, SweepProgress& progress);

}  // namespace runner
