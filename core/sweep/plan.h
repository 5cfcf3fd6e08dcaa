// Plan: the jobs of a sweep, each a resolved experiment, in a folder of their own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "config/sweep_section.h"
#include "runtime/registry.h"

namespace trefoil::sweep {

struct PlannedJob {
  std::size_t index = 0;  // from 0, in the order of the plan
  std::string hash;       // 12 hexadecimal digits of the resolved experiment's SHA-256: what its folder is called
  std::string variant;    // of an ablation, see config::Job
  std::string label;      // "selector.q=256 seed=1": what sets it apart
  config::Experiment experiment;
};

struct Plan {
  std::string name;
  std::vector<PlannedJob> jobs;

  // 6 hexadecimal digits that all the jobs together decide.
  std::string hash() const;  // see hash_of_jobs
};

// Resolves every job of the file. Throws ConfigError with everything that is wrong with any of them, or else
// PluginError. The plan points into `registry`.
Plan make_plan(const config::ExperimentFile& file, const runtime::Registry& registry);

// The jobs in which every one of these KEY=VALUE holds, with their former index. KEY may be any setting, and "variant".
// Throws Error (configuration) when a text is no KEY=VALUE, or no job is left.
Plan only(const Plan& plan, const std::vector<std::string>& conditions);

// The name that jobs (variant, hash) have together, in their order: 6 hexadecimal digits.
std::string hash_of_jobs(const std::vector<std::pair<std::string, std::string>>& jobs);

// Jobs that differ in α, β and γ only, and so are run together; of any others each is alone. In the order of their
// first job.
std::vector<std::vector<const PlannedJob*>> families(const Plan& plan);

// plan.csv: index, hash, variant, settings.
std::string plan_table(const Plan& plan);

}  // namespace trefoil::sweep
