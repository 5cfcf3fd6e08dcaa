// The folder of a sweep: plan.csv, configs/<hash>.toml and jobs/<hash>/ of every job, and the results of all.
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

// runs/<name>/sweep-<hash>: the same for the same jobs, so that the same command goes on where it was left.
std::filesystem::path sweep_folder(const std::filesystem::path& runs, const Plan& plan);

// Writes plan.csv and the configs, unless they are there. Throws RunError.
void write_plan(const std::filesystem::path& folder, const Plan& plan);

// One line of plan.csv.
struct PlanLine {
  std::string hash;
  std::string variant;
  std::string settings;
};

// `plan` is the folder of a sweep, or its plan.csv. Throws DataError when it cannot be read or is not a plan.
std::vector<PlanLine> read_plan_lines(const std::filesystem::path& plan);
std::filesystem::path folder_of(const std::filesystem::path& plan);

// These jobs of a plan that was written, resolved again. The jobs point into `registry`. Throws DataError when there is
// no such index, and what config::resolve throws.
Plan read_plan(const std::filesystem::path& folder, const std::vector<std::size_t>& indices,
               const runtime::Registry& registry);

// Writes results.csv, results.md and report.html into a folder that is there. Throws RunError.
void write_results(const report::Comparison& comparison, const std::filesystem::path& out);

// All jobs of the folder that were begun, side by side, written to `out`: of processes that do so at once, the last one
// has seen what the others have. Throws RunError.
report::Comparison update_results(const std::filesystem::path& folder, const std::filesystem::path& out);

}  // namespace trefoil::sweep
