// Plan: the jobs of a sweep, each a resolved experiment, in a folder of their own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "config/report_section.h"
#include "config/sweep_section.h"
#include "runtime/registry.h"

namespace trefoil::sweep {

// A line of plan.csv, which describes a job.
struct PlanLine {
  std::string hash;     // 12 hexadecimal digits of the resolved experiment's SHA-256; the name of the job's folder
  std::string variant;  // the name of an ablation, see config::Job
  std::string label;    // the settings that the sweep makes: "method=Tip selector.q=256 seed=1"
  std::string needs;    // data.root of an optional job, which is left out while it does not exist; "" for other jobs
  std::vector<config::NamedChoice> names;  // one of every named axis
};

// The experiment of a job takes about 30 KiB, so it is made when it is needed.
struct PlannedJob : PlanLine {
  std::size_t index = 0;  // from 0, in the order of the plan
  std::string family;     // equal for jobs that are run together, see `families`
  std::function<config::Experiment()> resolve;
};

struct Plan {
  std::string name;
  std::vector<PlannedJob> jobs;
  std::vector<std::string> swept_keys;  // the settings that the sweep and its ablations set, sorted
  std::vector<std::string> named_axes;  // in the order of the file
  config::ReportChoice report;

  std::string hash() const;  // 6 hexadecimal digits that depend on the variants and hashes of all jobs, in their order
};

// Returns `PlannedJob::family` of an experiment. `index` makes it unique for a job that is run alone.
std::string family_of(const config::Experiment& experiment, std::size_t index);

// Resolves every job of the file, to find its hash and all mistakes. Throws ConfigError with the mistakes of all jobs.
// Without mistakes, throws PluginError when a plugin is missing. The plan points into `registry`.
Plan make_plan(const config::ExperimentFile& file, const runtime::Registry& registry);

// The jobs that fulfil every condition KEY=VALUE, with their index in `plan`. KEY is a setting or "variant". Throws
// Error (configuration) when a condition has another form, or when no job is left.
Plan only(const Plan& plan, const std::vector<std::string>& conditions);

// Groups of jobs that are run together, because they differ in α, β and γ only. Any other job is a group of its own. In
// the order of their first job.
std::vector<std::vector<const PlannedJob*>> families(const Plan& plan);

// plan.csv: index, hash, variant, settings, needs, and a column for each named axis.
std::string plan_table(const Plan& plan);

}  // namespace trefoil::sweep
