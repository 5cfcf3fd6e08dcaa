#include "sweep/sweep_folder.h"

#include <utility>

#include "base/atomic_file.h"
#include "base/csv.h"
#include "base/errors.h"
#include "results/report.h"
#include "results/results_csv.h"
#include "results/results_markdown.h"
#include "sweep/claim.h"
#include "sweep/job_folder.h"

namespace trefoil::sweep {

namespace {

constexpr const char* kPlanFile = "plan.csv";
constexpr const char* kResultsClaim = "results.claim";

std::filesystem::path config_of(const std::filesystem::path& folder, const std::string& hash) {
  return folder / "configs" / (hash + ".toml");
}

results::Comparison compare_jobs(const std::filesystem::path& folder) {
  std::vector<results::Run> runs;
  for (const PlanLine& line : read_plan_lines(folder)) {
    const JobFolder job(folder, line.hash);
    if (!std::filesystem::exists(job.path() / "status.json")) continue;
    try {
      runs.push_back(results::collect({job.path()}, {{job.path(), line.variant}}).front());
    } catch (const DataError&) {
      if (job.state() != JobState::open) throw;  // else another is taking it up at this moment, or its results are gone
    }
  }
  return results::compare(std::move(runs));
}

}  // namespace

std::filesystem::path sweep_folder(const std::filesystem::path& runs, const Plan& plan) {
  return std::filesystem::absolute(runs / plan.name / ("sweep-" + plan.hash())).lexically_normal();
}

void write_plan(const std::filesystem::path& folder, const Plan& plan) {
  std::error_code failure;
  std::filesystem::create_directories(folder / "configs", failure);
  if (failure)
    throw RunError(folder.string() + ": cannot be made (" + failure.message() + "); choose another place with --out");
  for (const PlannedJob& job : plan.jobs) {
    const std::filesystem::path file = config_of(folder, job.hash);
    if (!std::filesystem::exists(file)) base::write_atomically(file, config::to_toml(job.experiment));
  }
  if (!std::filesystem::exists(folder / kPlanFile)) base::write_atomically(folder / kPlanFile, plan_table(plan));
}

std::filesystem::path folder_of(const std::filesystem::path& plan) {
  const std::filesystem::path path = std::filesystem::absolute(plan).lexically_normal();
  return std::filesystem::is_directory(path) ? path : path.parent_path();
}

std::vector<PlanLine> read_plan_lines(const std::filesystem::path& plan) {
  const std::filesystem::path file = folder_of(plan) / kPlanFile;
  const auto rows = base::csv_rows(base::read_text(file));
  std::vector<PlanLine> lines;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool whole = rows[i].size() == 4 && rows[i][0] == std::to_string(i - 1);
    if (!whole) throw DataError(file.string() + ":" + std::to_string(i + 1) + ": this is no line of a sweep's plan");
    lines.push_back({rows[i][1], rows[i][2], rows[i][3]});
  }
  if (lines.empty()) throw DataError(file.string() + ": it plans no job");
  return lines;
}

Plan read_plan(const std::filesystem::path& folder, const std::vector<std::size_t>& indices,
               const plugins::Registry& registry) {
  const std::vector<PlanLine> lines = read_plan_lines(folder);
  Plan plan;
  for (const std::size_t index : indices) {
    if (index >= lines.size()) {
      throw DataError((folder / kPlanFile).string() + ": there is no job " + std::to_string(index) +
                      "; the last one is " + std::to_string(lines.size() - 1));
    }
    const PlanLine& line = lines[index];
    const config::ExperimentFile file = config::load_experiment_file(config_of(folder, line.hash), {});
    plan.jobs.push_back({index, line.hash, line.variant, line.settings, config::resolve(file, registry)});
    plan.name = plan.jobs.back().experiment.name;
  }
  return plan;
}

void write_results(const results::Comparison& comparison, const std::filesystem::path& out) {
  base::write_atomically(out / "results.csv", results::results_csv(comparison));
  base::write_atomically(out / "results.md", results::results_markdown(comparison));
  base::write_atomically(out / "report.html", results::report_html(comparison, out));
}

results::Comparison update_results(const std::filesystem::path& folder, const std::filesystem::path& out) {
  const Claim claim = Claim::wait_for(out / kResultsClaim);
  results::Comparison comparison = compare_jobs(folder);
  write_results(comparison, out);
  return comparison;
}

}  // namespace trefoil::sweep
