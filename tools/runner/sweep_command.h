// The parts of running sweeps that the commands `run` and `job` share.
#pragma once

#include "commands.h"
#include "config/experiment.h"
#include "sweep/execute.h"
#include "terminal.h"

namespace runner {

// Runs the jobs of an experiment file that has a sweep, or shows them.
void run_sweep(const RunOptions& options, const trefoil::config::ExperimentFile& file);

// The jobs that are to run again because something has changed, which is told; none with `keep_done`.
trefoil::sweep::Outdated find_outdated(const trefoil::sweep::Plan& plan, const std::filesystem::path& folder,
                                       bool keep_done, Terminal& terminal);

// Executes jobs with progress on the terminal; Ctrl-C lets the running ones end. Failed jobs are told as they come.
trefoil::sweep::Progress execute_jobs(const trefoil::sweep::Plan& plan, const trefoil::sweep::ExecuteOptions& options,
                                      trefoil::sweep::Outdated& outdated, Terminal& terminal);

}  // namespace runner
