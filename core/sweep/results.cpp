#include "sweep/results.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "config/toml.h"
#include "report/pivot_axes.h"
#include "report/pivot_chart.h"
#include "report/pivot_csv.h"
#include "report/pivot_latex.h"
#include "report/report.h"
#include "report/results_csv.h"
#include "report/results_markdown.h"
#include "sweep/available.h"
#include "sweep/claim.h"
#include "sweep/job_folder.h"
#include "sweep/plan.h"
#include "sweep/sweep_folder.h"

namespace trefoil::sweep {

namespace {

constexpr const char* kResultsClaim = "results.claim";

// The run of a job, which also has the names of its alternatives as settings. Nothing when the job has not started, or
// will run again.
std::optional<report::Run> run_of(const std::filesystem::path& folder, const PlanLine& line) {
  const JobFolder job(folder, line.hash);
  if (!std::filesystem::exists(job.path() / "status.json")) return std::nullopt;
  try {
    report::Run run = report::collect({job.path()}, {{job.path(), line.variant}}).front();
    const bool has_no_results = !std::filesystem::exists(job.path() / "summary.json");
    if (run.status == "damaged" && (has_no_results || job.is_claimed())) return std::nullopt;
    for (const config::NamedChoice& choice : line.names) run.settings[choice.axis] = config::toml_quoted(choice.name);
    return run;
  } catch (const DataError&) {
    if (job.state() != JobState::open) throw;
    return std::nullopt;  // it has no results yet, or another process removes them now
  }
}

// The choice without axes along which the runs do not differ, for example because only some jobs were run.
config::ReportChoice with_axes_of(const report::Comparison& comparison, config::ReportChoice choice) {
  const auto is_no_axis = [&](const std::string& key) {
    const bool is_axis = std::any_of(comparison.axes.begin(), comparison.axes.end(),
                                     [&](const report::Axis& axis) { return axis.key == key; });
    return !is_axis && !(key == report::kVariantAxis && comparison.has_variants);
  };
  for (auto* keys : {&choice.rows, &choice.columns, &choice.blocks})
    keys->erase(std::remove_if(keys->begin(), keys->end(), is_no_axis), keys->end());
  return choice;
}

// The values of `above` that are set, and those of `below` otherwise.
config::ReportChoice merged(const config::ReportChoice& below, const config::ReportChoice& above) {
  config::ReportChoice choice = below;
  if (!above.rows.empty()) choice.rows = above.rows;
  if (!above.columns.empty()) choice.columns = above.columns;
  if (!above.blocks.empty()) choice.blocks = above.blocks;
  if (!above.baseline.empty()) choice.baseline = above.baseline;
  if (!above.reference.empty()) choice.reference = above.reference;
  return choice;
}

report::Comparison compare_jobs(const std::filesystem::path& folder, const config::ReportChoice& choice) {
  const std::vector<PlanLine> lines = read_plan_lines(folder);
  std::vector<report::Run> runs;
  for (const PlanLine& line : lines) {
    if (auto run = run_of(folder, line)) runs.push_back(std::move(*run));
  }
  const std::optional<SweepAxes> axes = read_axes(folder);
  std::optional<std::vector<std::string>> keys;
  if (axes) {
    keys = axes->keys;
    keys->insert(keys->end(), axes->named.begin(), axes->named.end());
  }
  report::Comparison comparison = report::compare(std::move(runs), keys);
  comparison.choice = merged(axes ? with_axes_of(comparison, axes->report) : config::ReportChoice{}, choice);
  comparison.notes = notes_on_missing_data(lines);
  return comparison;
}

// The name of a figure's file: other characters than letters, digits, '-' and '_' are replaced.
std::string file_name(const std::string& block) {
  std::string name;
  for (const char c : block) {
    const bool keeps = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    name += keeps ? c : '_';
  }
  return name.empty() ? "figure" : name;
}

void write_figures(const report::Pivot& pivot, const std::filesystem::path& out) {
  const std::vector<std::size_t> rows = report::charted_rows(pivot);
  if (rows.empty()) return;
  std::vector<std::size_t> all(pivot.blocks.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  base::make_folder_of(out / "figures" / "accuracy.svg");
  base::write_atomically(out / "figures" / "accuracy.svg", report::pivot_figure(pivot, all, rows));
  if (pivot.blocks.size() == 1) return;
  for (const std::size_t block : all) {
    const std::string name = "accuracy-" + file_name(pivot.blocks[block].name) + ".svg";
    base::write_atomically(out / "figures" / name, report::pivot_figure(pivot, {block}, rows));
  }
}

}  // namespace

std::optional<report::Pivot> write_results(const report::Comparison& comparison, const std::filesystem::path& out) {
  std::optional<report::Pivot> pivot = report::pivot_of(comparison);
  base::write_atomically(out / "results.csv", report::results_csv(comparison));
  base::write_atomically(out / "results.md", report::results_markdown(comparison, pivot));
  base::write_atomically(out / "report.html", report::report_html(comparison, pivot, out));
  if (!pivot) return pivot;
  base::write_atomically(out / "pivot.csv", report::pivot_csv(*pivot));
  base::write_atomically(out / "pivot.tex", report::pivot_latex(*pivot));
  if (pivot->has_differences) base::write_atomically(out / "differences.csv", report::differences_csv(*pivot));
  write_figures(*pivot, out);
  return pivot;
}

SweepResults update_results(const std::filesystem::path& folder, const std::filesystem::path& out,
                            const config::ReportChoice& choice) {
  const Claim claim = Claim::wait_for(out / kResultsClaim);
  SweepResults results{compare_jobs(folder, choice), std::nullopt};
  results.pivot = write_results(results.comparison, out);
  return results;
}

}  // namespace trefoil::sweep
