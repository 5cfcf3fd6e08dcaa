#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"
#include "commands.h"
#include "json_line.h"
#include "report/pivot_text.h"
#include "sweep/results.h"
#include "sweep/sweep_folder.h"

namespace runner {

using namespace trefoil;

namespace {

void make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) throw RunError(folder.string() + ": the folder cannot be created (" + failure.message() + ")");
}

sweep::SweepResults report_sweep(const std::filesystem::path& folder, const std::filesystem::path& out,
                                 const config::ReportChoice& choice) {
  make_folder(out);
  return sweep::update_results(sweep::folder_of(folder), out, choice);
}

// Compares run directories of any experiments.
sweep::SweepResults report_runs(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out,
                                const config::ReportChoice& choice) {
  sweep::SweepResults results{report::compare(report::collect(runs)), std::nullopt};
  results.comparison.choice = choice;
  make_folder(out);
  results.pivot = sweep::write_results(results.comparison, out);
  return results;
}

}  // namespace

void report(const ReportOptions& options) {
  const std::filesystem::path& first = options.folders.front();
  const bool is_sweep = options.folders.size() == 1 && std::filesystem::exists(first / "plan.csv");
  const std::filesystem::path default_out = is_sweep ? first : "comparison";
  const std::filesystem::path out = options.out.empty() ? default_out : options.out;
  const sweep::SweepResults results =
      is_sweep ? report_sweep(first, out, options.choice) : report_runs(options.folders, out, options.choice);
  const std::size_t runs = results.comparison.runs.size();
  const std::string page = (out / "report.html").string();
  if (options.json) {
    fmt::print("{}\n", json_line({{"runs", runs}, {"report", page}, {"results", (out / "results.csv").string()}}));
  } else {
    if (results.pivot) fmt::print("{}", report::pivot_terminal_text(*results.pivot));
    fmt::print("{}\nresults {}\nreport  {}\n", base::counted(runs, "run"), (out / "results.md").string(), page);
  }
}

}  // namespace runner
