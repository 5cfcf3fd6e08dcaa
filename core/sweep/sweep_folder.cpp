#include "sweep/sweep_folder.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/atomic_file.h"
#include "base/csv.h"
#include "base/data_errors.h"
#include "base/sha256.h"
#include "base/text.h"
#include "report/report.h"
#include "report/results_csv.h"
#include "report/results_markdown.h"
#include "sweep/claim.h"
#include "sweep/job_folder.h"

namespace trefoil::sweep {

namespace {

constexpr const char* kPlanFile = "plan.csv";
constexpr const char* kAxesFile = "axes.json";
constexpr std::string_view kSweepPrefix = "sweep-";
constexpr const char* kResultsClaim = "results.claim";

std::filesystem::path config_of(const std::filesystem::path& folder, const std::string& hash) {
  return folder / "configs" / (hash + ".toml");
}

// Whether the file holds the resolved experiment that the hash names.
bool is_config_of(const std::filesystem::path& file, const std::string& hash) {
  return base::sha256(base::read_text(file)).compare(0, hash.size(), hash) == 0;
}

std::string axes_text(const Plan& plan) { return nlohmann::json{{"keys", plan.swept_keys}}.dump(2) + "\n"; }

// The settings that the sweep sets. Nothing for a sweep that an earlier version planned.
std::optional<std::vector<std::string>> read_axes(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kAxesFile;
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    return nlohmann::json::parse(base::read_text(file)).at("keys").get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception&) {
    base::refuse(file, "it is damaged; write it again by running the experiment file with --plan-only");
  }
}

void write_if_changed(const std::filesystem::path& file, const std::string& text) {
  if (!std::filesystem::exists(file) || base::read_text(file) != text) base::write_atomically(file, text);
}

report::Comparison compare_jobs(const std::filesystem::path& folder) {
  std::vector<report::Run> runs;
  for (const PlanLine& line : read_plan_lines(folder)) {
    const JobFolder job(folder, line.hash);
    if (!std::filesystem::exists(job.path() / "status.json")) continue;
    try {
      report::Run run = report::collect({job.path()}, {{job.path(), line.variant}}).front();
      const bool has_lost_results =
          (run.done() || run.status == "damaged") && job.state() == JobState::open;  // it runs again
      if (!has_lost_results) runs.push_back(std::move(run));
    } catch (const DataError&) {
      if (job.state() != JobState::open) throw;  // else it has no results yet, or another process removes them now
    }
  }
  return report::compare(std::move(runs), read_axes(folder));
}

// Throws DataError when the folder of the plan is named by the hash of other jobs.
void require_whole(const std::vector<PlanLine>& lines, const std::filesystem::path& file) {
  const std::string folder = std::filesystem::absolute(file).lexically_normal().parent_path().filename().string();
  if (!base::starts_with(folder, kSweepPrefix)) return;
  std::vector<std::pair<std::string, std::string>> jobs;
  jobs.reserve(lines.size());
  for (const PlanLine& line : lines) jobs.emplace_back(line.variant, line.hash);
  const std::string hash = hash_of_jobs(jobs);
  const std::string named = folder.substr(kSweepPrefix.size());
  if (named.size() == hash.size() && named != hash) {
    throw DataError(file.string() +
                    ": it is cut short or was changed; write it again by running the experiment file with "
                    "--plan-only");
  }
}

}  // namespace

std::filesystem::path sweep_folder(const std::filesystem::path& runs, const Plan& plan) {
  return std::filesystem::absolute(runs / plan.name / (std::string(kSweepPrefix) + plan.hash())).lexically_normal();
}

void write_plan(const std::filesystem::path& folder, const Plan& plan) {
  std::error_code failure;
  std::filesystem::create_directories(folder / "configs", failure);
  if (failure)
    throw RunError(folder.string() + ": cannot be made (" + failure.message() + "); choose another place with --out");
  base::remove_old_temporary_files(folder);
  base::remove_old_temporary_files(folder / "configs");
  for (const PlannedJob& job : plan.jobs) {
    const std::filesystem::path file = config_of(folder, job.hash);
    if (!std::filesystem::exists(file) || !is_config_of(file, job.hash)) {
      base::write_atomically(file, config::to_toml(job.resolve()));
    }
  }
  write_if_changed(folder / kAxesFile, axes_text(plan));
  write_if_changed(folder / kPlanFile, plan_table(plan));
}

std::filesystem::path folder_of(const std::filesystem::path& plan) {
  const std::filesystem::path path = std::filesystem::absolute(plan).lexically_normal();
  if (std::filesystem::is_directory(path)) return path;
  if (path.filename() == kPlanFile) return path.parent_path();
  base::refuse(path, "it is neither the folder of a sweep nor its plan.csv");
}

std::vector<PlanLine> read_plan_lines(const std::filesystem::path& plan) {
  const std::filesystem::path file = folder_of(plan) / kPlanFile;
  const auto rows = base::csv_rows(base::read_text(file));
  std::vector<PlanLine> lines;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool whole = rows[i].size() == 4 && rows[i][0] == std::to_string(i - 1);
    if (!whole)
      throw DataError(file.string() + ":" + std::to_string(i + 1) + ": this line does not have the form of a plan");
    lines.push_back({rows[i][1], base::csv_text_of(rows[i][2]), base::csv_text_of(rows[i][3])});
  }
  if (lines.empty()) throw DataError(file.string() + ": the plan has no jobs");
  require_whole(lines, file);
  return lines;
}

Plan read_plan(const std::filesystem::path& folder, const std::vector<std::size_t>& indices,
               const runtime::Registry& registry) {
  const std::vector<PlanLine> lines = read_plan_lines(folder);
  Plan plan;
  for (const std::size_t index : indices) {
    if (index >= lines.size()) {
      throw DataError((folder / kPlanFile).string() + ": there is no job " + std::to_string(index) +
                      "; the last one is " + std::to_string(lines.size() - 1));
    }
    const PlanLine& line = lines[index];
    const std::filesystem::path config = config_of(folder, line.hash);
    if (!is_config_of(config, line.hash)) {
      throw DataError(config.string() +
                      ": it is cut short or was changed; write it again by running the experiment file "
                      "with --plan-only");
    }
    const auto resolve = [config, &registry] {
      return config::resolve(config::load_experiment_file(config, {}), registry);
    };
    const config::Experiment experiment = resolve();
    plan.name = experiment.name;
    plan.jobs.push_back({index, line.hash, line.variant, line.settings, family_of(experiment, index), resolve});
  }
  return plan;
}

void write_results(const report::Comparison& comparison, const std::filesystem::path& out) {
  base::write_atomically(out / "results.csv", report::results_csv(comparison));
  base::write_atomically(out / "results.md", report::results_markdown(comparison));
  base::write_atomically(out / "report.html", report::report_html(comparison, out));
}

report::Comparison update_results(const std::filesystem::path& folder, const std::filesystem::path& out) {
  const Claim claim = Claim::wait_for(out / kResultsClaim);
  report::Comparison comparison = compare_jobs(folder);
  write_results(comparison, out);
  return comparison;
}

}  // namespace trefoil::sweep
