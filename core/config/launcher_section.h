// The section [launcher]: where the jobs of a sweep run. It is no part of any job.
#pragma once

#include <filesystem>

#include "config/experiment.h"

namespace trefoil::config {

// What [launcher] of the file says over what the user's own file says, $XDG_CONFIG_HOME/trefoil/launcher.toml (or
// ~/.config/…), over the defaults: kind ("local" or "slurm"), options (of sbatch), setup (a shell line before each
// task), jobs_per_task, most_tasks_at_once. Throws ConfigError.
Parameters read_launcher(const ExperimentFile& file);

// Where the user's own file is, whether or not there is one. Empty without a home.
std::filesystem::path user_launcher_file();

}  // namespace trefoil::config
