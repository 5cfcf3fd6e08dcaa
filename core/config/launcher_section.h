// The section [launcher]: where the jobs of a sweep run. Jobs do not have this section.
#pragma once

#include <filesystem>

#include "config/resolve.h"

namespace trefoil::config {

// Returns the parameters kind ("local" or "slurm"), options, setup, jobs_per_task and most_tasks_at_once. [launcher] of
// the experiment file overrides user_launcher_file(), which overrides the defaults. Throws ConfigError.
Parameters read_launcher(const ExperimentFile& file);

// Returns $XDG_CONFIG_HOME/trefoil/launcher.toml, or ~/.config/trefoil/launcher.toml. The file need not exist. Returns
// "" when neither XDG_CONFIG_HOME nor HOME is set.
std::filesystem::path user_launcher_file();

}  // namespace trefoil::config
