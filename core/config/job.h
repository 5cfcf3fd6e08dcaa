// Job: one of the experiments that a file with a sweep stands for, as a change of that file.
#pragma once

#include <string>
#include <vector>

#include "config/resolve.h"

namespace trefoil::config {

// One changed value: a dotted key, and what stands there instead. A table lays itself over the section of that name.
struct JobSetting {
  std::string key;
  Value value;
};

struct Job {
  std::string variant;               // the name of the ablation, "base" for what they are compared with, "" without any
  std::vector<JobSetting> settings;  // what it changes in the file: the ablation, then one value of every axis
};

// The file without its [sweep], [[ablation]] and [launcher], a job's settings laid over it as if by a last file that
// extends it. What is set is not searched: its keys are added to search.fixed.
ExperimentFile with_settings(const ExperimentFile& file, const std::vector<JobSetting>& settings);

}  // namespace trefoil::config
