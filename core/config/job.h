// Job: one experiment of a sweep, as a list of changes to the experiment file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/resolve.h"

namespace trefoil::config {

// One change: a dotted key and its new value. If the value is a table, it is merged into the section of this name.
struct JobSetting {
  std::string key;
  Value value;
};

// The alternative of a named axis that a job has: "method", "Tip".
struct NamedChoice {
  std::string axis;
  std::string name;
};

struct Job {
  std::string variant;               // the name of the ablation; "base": none of them; "": the file has no ablations
  std::vector<JobSetting> settings;  // the changes of the ablation, then one value of every axis

  std::vector<NamedChoice> names;                   // one of every named axis
  std::vector<std::shared_ptr<const Table>> files;  // the experiments that the named alternatives take from files
  std::vector<JobSetting> changes;                  // the other changes of the named alternatives
  bool optional = false;                            // whether the job is left out while its data.root does not exist
};

// Returns the file without the sections of sweeps, and with a job merged into it: first its files, then its changes and
// settings. Parameters that the job sets by changes and settings are added to search.fixed, so that [search] does not
// change them.
ExperimentFile with_job(const ExperimentFile& file, const Job& job);

}  // namespace trefoil::config
