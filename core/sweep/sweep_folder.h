// The folder of a sweep: plan.csv, axes.json (the settings that the sweep sets), configs/<hash>.toml and jobs/<hash>/
// of each job, and the results of all jobs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "report/compare.h"
#include "runtime/registry.h"
#include "sweep/plan.h"

namespace trefoil::sweep {

// runs/<name>/sweep-<hash>. The same jobs give the same folder, so that the same command resumes the sweep.
std::filesystem::path sweep_folder(const std::filesystem::path& runs, const Plan& plan);

// Writes plan.csv, axes.json and the configs, except those that are there already. Throws RunError.
void write_plan(const std::filesystem::path& folder, const Plan& plan);

// One line of plan.csv.
struct PlanLine {
  std::string hash;
  std::string variant;
  std::string settings;
};

// `plan` is the folder of a sweep, or its plan.csv. Throws DataError when it cannot be read or has another form.
std::vector<PlanLine> read_plan_lines(const std::filesystem::path& plan);
std::filesystem::path folder_of(const std::filesystem::path& plan);

// Reads and resolves some jobs of a plan. The jobs point into `registry`. Throws DataError when an index does not
// exist, and the errors of config::resolve.
Plan read_plan(const std::filesystem::path& folder, const std::vector<std::size_t>& indices,
               const runtime::Registry& registry);

// Writes results.csv, results.md and report.html into an existing folder. Throws RunError.
void write_results(const report::Comparison& comparison, const std::filesystem::path& out);

// Compares all jobs of the folder that have started, and writes the results to `out`. When several processes do this at
// the same time, the last results include those of all. Throws RunError.
report::Comparison update_results(const std::filesystem::path& folder, const std::filesystem::path& out);

}  // namespace trefoil::sweep
