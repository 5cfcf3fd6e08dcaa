#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "compute.h"
#include "json_line.h"
#include "sweep/job_folder.h"
#include "sweep/sweep_folder.h"
#include "sweep_command.h"

namespace runner {

namespace {

using namespace trefoil;

// summary.json of one job, or what it failed with.
void print_job(const sweep::PlannedJob& job, const sweep::JobFolder& folder) {
  nlohmann::ordered_json json = {{"index", job.index},
                                 {"hash", job.hash},
                                 {"variant", job.variant},
                                 {"settings", job.label},
                                 {"run_dir", folder.path().string()}};
  const auto status = nlohmann::ordered_json::parse(base::read_text(folder.path() / "status.json"));
  json["state"] = status.at("state");
  if (status.contains("error")) json["error"] = status.at("error");
  if (folder.state() == sweep::JobState::done) {
    const auto summary = nlohmann::ordered_json::parse(base::read_text(folder.path() / "summary.json"));
    for (const char* key : {"metrics", "chosen", "seconds"}) json[key] = summary.at(key);
  }
  fmt::print("{}\n", json_line(json));
}

}  // namespace

void job(const JobOptions& options) {
  const std::filesystem::path folder = sweep::folder_of(options.plan);
  std::vector<std::size_t> indices(options.index ? 1 : sweep::read_plan_lines(folder).size(),
                                   options.index.value_or(0));
  if (!options.index) std::iota(indices.begin(), indices.end(), std::size_t{0});
  const plugins::Registry registry(plugins::search_path(sweep::plugin_path_of(folder)));
  const sweep::Plan plan = sweep::read_plan(folder, indices, registry);
  const pipeline::Compute compute = compute_of(options.device, options.threads);
  prepare_process();
  Terminal terminal;
  const sweep::Progress progress = execute_jobs(
      plan,
      {folder, {"", options.store, compute, options.command_line, run::Outputs::results}, options.retry_failed, {}},
      terminal);
  if (progress.elsewhere > 0)
    terminal.log(LogLevel::info, fmt::format("{} jobs are being run by another process", progress.elsewhere));
  if (options.json && options.index) {
    print_job(plan.jobs.front(), sweep::JobFolder(folder, plan.jobs.front().hash));
  } else if (options.json) {
    fmt::print("{}\n", json_line({{"total", progress.total}, {"done", progress.done}, {"failed", progress.failed}}));
  } else {
    fmt::print("jobs    {} of {} done, {} failed\n", progress.done, progress.total, progress.failed);
  }
  if (progress.failed > 0) throw RunError(fmt::format("{} of {} jobs failed", progress.failed, progress.total));
}

}  // namespace runner
