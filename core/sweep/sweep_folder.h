// The folder of a sweep: plan.csv, axes.json (the settings that the sweep sets, and the layout of its table),
// configs/<hash>.toml and jobs/<hash>/ of each job.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/report_section.h"
#include "runtime/registry.h"
#include "sweep/plan.h"

namespace trefoil::sweep {

// runs/<name>/sweep-<hash>. The same jobs give the same folder, so that the same command resumes the sweep.
std::filesystem::path sweep_folder(const std::filesystem::path& runs, const Plan& plan);

// Writes plan.csv, axes.json and the configs, except those that are there already. Throws RunError.
void write_plan(const std::filesystem::path& folder, const Plan& plan);

// `plan` is the folder of a sweep, or its plan.csv. Throws DataError when it cannot be read or has another form.
std::vector<PlanLine> read_plan_lines(const std::filesystem::path& plan);
std::filesystem::path folder_of(const std::filesystem::path& plan);

// Reads and resolves some jobs of a plan. The jobs point into `registry`. Throws DataError when an index does not
// exist, and the errors of config::resolve.
Plan read_plan(const std::filesystem::path& folder, const std::vector<std::size_t>& indices,
               const runtime::Registry& registry);

// The axes of the sweep, with the layout of its table.
struct SweepAxes {
  std::vector<std::string> keys;   // the settings that it sets
  std::vector<std::string> named;  // its named axes
  config::ReportChoice report;
};

// Returns nothing for a sweep that an earlier version planned. Throws DataError when axes.json is damaged.
std::optional<SweepAxes> read_axes(const std::filesystem::path& folder);

}  // namespace trefoil::sweep
