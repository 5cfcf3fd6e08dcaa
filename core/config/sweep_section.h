// The sections [sweep.grid], [[sweep.zip]], [[sweep.exclude]], [sweep.random] and [[ablation]]: the jobs that one
// experiment file stands for.
#pragma once

#include <vector>

#include "config/job.h"

namespace trefoil::config {

// Whether the file has any of these sections.
bool has_sweep(const Table& table);

// The jobs: every ablation (and the file as it is), in each of them every combination of the axes, the first axis
// changing slowest; a file without such sections is one job that changes nothing. Throws ConfigError with everything
// that is wrong with the sections; whether the values are right, `with_settings` and `resolve` will tell.
std::vector<Job> read_jobs(const ExperimentFile& file);

}  // namespace trefoil::config
