#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"
#include "commands.h"
#include "json_line.h"
#include "sweep/sweep_folder.h"

namespace runner {

using namespace trefoil;

namespace {

void make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw RunError(folder.string() + ": the folder cannot be created (" + failure.message() + ")");
}

report::Comparison report_sweep(const std::filesystem::path& folder, const std::filesystem::path& out) {
  make_folder(out);
  return sweep::update_results(sweep::folder_of(folder), out);
}

// Compares run directories of any experiments.
report::Comparison report_runs(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out) {
  report::Comparison comparison = report::compare(report::collect(runs));
  make_folder(out);
  sweep::write_results(comparison, out);
  return comparison;
}

}  // namespace

void report(const ReportOptions& options) {
  const std::filesystem::path& first = options.folders.front();
  const bool is_sweep = options.folders.size() == 1 && std::filesystem::exists(first / "plan.csv");
  const std::filesystem::path default_out = is_sweep ? first : "comparison";
  const std::filesystem::path out = options.out.empty() ? default_out : options.out;
  const report::Comparison comparison = is_sweep ? report_sweep(first, out) : report_runs(options.folders, out);
  const std::string page = (out / "report.html").string();
  if (options.json) {
    fmt::print(
        "{}\n",
        json_line({{"runs", comparison.runs.size()}, {"report", page}, {"results", (out / "results.csv").string()}}));
  } else {
    fmt::print("{}\nresults {}\nreport  {}\n", base::counted(comparison.runs.size(), "run"),
               (out / "results.md").string(), page);
  }
}

}  // namespace runner
