// Results: the tables, charts and the page of a sweep, or of any runs.
#pragma once

#include <filesystem>
#include <optional>

#include "report/compare.h"
#include "report/pivot.h"

namespace trefoil::sweep {

// Writes results.csv, results.md and report.html into an existing folder. If the runs make a table, writes pivot.csv,
// differences.csv and pivot.tex, and its charts into figures/, and returns the table. Throws RunError, and the errors
// of report::pivot_of.
std::optional<report::Pivot> write_results(const report::Comparison& comparison, const std::filesystem::path& out);

// The results of a sweep.
struct SweepResults {
  report::Comparison comparison;
  std::optional<report::Pivot> pivot;
};

// Compares all jobs of the folder that have started, and writes the results to `out`. The values of `choice` that are
// set override the [report] of the sweep. When several processes do this at the same time, the last results include
// those of all. Throws RunError.
SweepResults update_results(const std::filesystem::path& folder, const std::filesystem::path& out,
                            const config::ReportChoice& choice = {});

}  // namespace trefoil::sweep
