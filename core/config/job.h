// Job: one experiment of a sweep, as a list of changes to the experiment file.
#pragma once

#include <string>
#include <vector>

#include "config/resolve.h"

namespace trefoil::config {

// One change: a dotted key and its new value. If the value is a table, it is merged into the section of this name.
struct JobSetting {
  std::string key;
  Value value;
};

struct Job {
  std::string variant;               // the name of the ablation; "base": none of them; "": the file has no ablations
  std::vector<JobSetting> settings;  // the changes of the ablation, then one value of every axis
};

// Returns the file without [sweep], [[ablation]] and [launcher], and with the settings of a job merged into it.
// Parameters that the job sets are added to search.fixed, so that [search] does not change them.
ExperimentFile with_settings(const ExperimentFile& file, const std::vector<JobSetting>& settings);

}  // namespace trefoil::config
