// Reads the sections [[sweep.axis.NAME]], [sweep.grid], [[sweep.zip]], [[sweep.exclude]], [sweep.random] and
// [[ablation]], which turn one experiment file into many jobs.
#pragma once

#include <vector>

#include "config/job.h"

namespace trefoil::config {

// Whether the file has any of these sections.
bool has_sweep(const Table& table);

// Returns the jobs: the file without changes and every ablation, each with every combination of the axes, the first
// axis slowest, named axes before the others. A file without these sections is one job without changes. Throws
// ConfigError with every mistake in the sections. The values themselves are checked later, by `resolve` for each job.
std::vector<Job> read_jobs(const ExperimentFile& file);

}  // namespace trefoil::config
