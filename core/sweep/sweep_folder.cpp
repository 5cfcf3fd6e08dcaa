#include "sweep/sweep_folder.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/checksums.h"
#include "base/csv.h"
#include "base/data_errors.h"
#include "base/sha256.h"
#include "base/text.h"

namespace trefoil::sweep {

namespace {

constexpr const char* kPlanFile = "plan.csv";
constexpr const char* kAxesFile = "axes.json";
constexpr const char* kCure = "write it again by running the experiment file with --plan-only";

std::filesystem::path config_of(const std::filesystem::path& folder, const std::string& hash) {
  return folder / "configs" / (hash + ".toml");
}

// Whether the text names a job. It is the name of folders and files, so it must be nothing else.
bool is_hash(const std::string& text) {
  constexpr std::size_t kHashDigits = 12;
  return text.size() == kHashDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Whether the file holds the resolved experiment that the hash names.
bool is_config_of(const std::filesystem::path& file, const std::string& hash) {
  return base::sha256(base::read_text(file)).compare(0, hash.size(), hash) == 0;
}

std::string axes_text(const Plan& plan) {
  const config::ReportChoice& report = plan.report;
  const nlohmann::ordered_json json = {{"keys", plan.swept_keys},
                                       {"named", plan.named_axes},
                                       {"rows", report.rows},
                                       {"columns", report.columns},
                                       {"blocks", report.blocks},
                                       {"baseline", report.baseline},
                                       {"reference", report.reference.string()}};
  return json.dump(2) + "\n";
}

void write_if_changed(const std::filesystem::path& file, const std::string& text) {
  if (!std::filesystem::exists(file) || base::read_text(file) != text) base::write_atomically(file, text);
}

// Throws DataError when the file has changed since the plan was written.
void require_unchanged(const std::filesystem::path& folder, const char* name) {
  base::Checksums(folder, kCure).require(name);
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
  base::record_checksums(folder, {kAxesFile, kPlanFile});
}

std::filesystem::path folder_of(const std::filesystem::path& plan) {
  std::filesystem::path path = std::filesystem::absolute(plan).lexically_normal();
  if (std::filesystem::is_directory(path)) return path;
  if (path.filename() == kPlanFile) return path.parent_path();
  base::refuse(path, "it is neither the folder of a sweep nor its plan.csv");
}

std::vector<PlanLine> read_plan_lines(const std::filesystem::path& plan) {
  constexpr std::size_t kFixedColumns = 5;  // before the named axes
  const std::filesystem::path folder = folder_of(plan);
  const std::filesystem::path file = folder / kPlanFile;
  require_unchanged(folder, kPlanFile);
  const auto rows = base::csv_rows(base::read_text(file));
  std::vector<PlanLine> lines;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::vector<std::string>& row = rows[i];
    const bool whole = row.size() >= kFixedColumns && row.size() == rows[0].size() && row[0] == std::to_string(i - 1) &&
                       is_hash(row[1]);
    if (!whole)
      throw DataError(file.string() + ":" + std::to_string(i + 1) + ": this line does not have the form of a plan");
    PlanLine line{row[1], base::csv_text_of(row[2]), base::csv_text_of(row[3]), base::csv_text_of(row[4]), {}};
    for (std::size_t column = kFixedColumns; column < row.size(); ++column)
      line.names.push_back({base::csv_text_of(rows[0][column]), base::csv_text_of(row[column])});
    lines.push_back(std::move(line));
  }
  if (lines.empty()) throw DataError(file.string() + ": the plan has no jobs");
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
      throw DataError(config.string() + ": it is cut short or was changed; " + kCure);
    }
    const auto resolve = [config, &registry] {
      return config::resolve(config::load_experiment_file(config, {}), registry);
    };
    const config::Experiment experiment = resolve();
    plan.name = experiment.name;
    plan.jobs.push_back({line, index, family_of(experiment, index), resolve});
  }
  return plan;
}

std::optional<SweepAxes> read_axes(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kAxesFile;
  if (!std::filesystem::exists(file)) return std::nullopt;
  require_unchanged(folder, kAxesFile);
  try {
    const auto json = nlohmann::json::parse(base::read_json_text(file));
    const auto texts = [&](const char* key) { return json.value(key, std::vector<std::string>()); };
    return SweepAxes{
        json.at("keys").get<std::vector<std::string>>(),
        texts("named"),
        {texts("rows"), texts("columns"), texts("blocks"), json.value("baseline", ""), json.value("reference", "")}};
  } catch (const nlohmann::json::exception&) {
    base::refuse(file, std::string("it is damaged; ") + kCure);
  }
}

}  // namespace trefoil::sweep
