#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "commands.h"
#include "json_line.h"
#include "sweep/sweep_folder.h"

namespace runner {

using namespace trefoil;

void report(const ReportOptions& options) {
  const bool is_sweep = options.folders.size() == 1 && std::filesystem::exists(options.folders.front() / "plan.csv");
  const std::filesystem::path usual = is_sweep ? options.folders.front() : "comparison";
  const std::filesystem::path out = options.out.empty() ? usual : options.out;
  const results::Comparison comparison = is_sweep ? sweep::compare_jobs(sweep::folder_of(options.folders.front()))
                                                  : results::compare(results::collect(options.folders));
  std::error_code failure;
  std::filesystem::create_directories(out, failure);
  if (failure) throw RunError(out.string() + ": cannot be made (" + failure.message() + ")");
  sweep::write_results(comparison, out);
  const std::string page = (out / "report.html").string();
  if (options.json) {
    fmt::print(
        "{}\n",
        json_line({{"runs", comparison.runs.size()}, {"report", page}, {"results", (out / "results.csv").string()}}));
  } else {
    fmt::print("{} runs\nresults {}\nreport  {}\n", comparison.runs.size(), (out / "results.md").string(), page);
  }
}

}  // namespace runner
