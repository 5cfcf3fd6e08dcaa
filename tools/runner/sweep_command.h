// Running sweeps: the code that the commands `run` and `job` share.
#pragma once

#include <string>

#include "commands.h"
#include "config/experiment.h"
#include "sweep/execute.h"
#include "sweep_progress.h"
#include "terminal.h"

namespace runner {

// Runs, submits or prints the jobs of an experiment file with a sweep.
void run_sweep(const RunOptions& options, const trefoil::config::ExperimentFile& file);

// Returns the finished jobs whose plugins or input files have changed, and logs each reason. Returns none with
// `keep_done`.
trefoil::sweep::Outdated find_outdated(const trefoil::sweep::Plan& plan, const std::filesystem::path& folder,
                                       bool keep_done, Terminal& terminal);

// The numbers of finished and failed jobs as a line of output: "3 of 24 done, 1 failed".
std::string counts_text(const trefoil::sweep::Progress& progress);

// Executes jobs with progress on the terminal. Logs each failed job as a warning. An interrupt ends it early.
trefoil::sweep::Progress execute_jobs(const trefoil::sweep::Plan& plan, const trefoil::sweep::ExecuteOptions& options,
                                      trefoil::sweep::Outdated& outdated, Terminal& terminal, SweepProgress& progress);

}  // namespace runner
