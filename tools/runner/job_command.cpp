#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"
#include "compute.h"
#include "interrupt.h"
#include "json_line.h"
#include "sweep/available.h"
#include "sweep/job_folder.h"
#include "sweep/sweep_folder.h"
#include "sweep_command.h"
#include "workers.h"

namespace runner {

namespace {

using namespace trefoil;

// Prints the results of a job from its summary.json, or the error that it failed with.
void print_job(const sweep::PlannedJob& job, const sweep::JobFolder& folder) {
  nlohmann::ordered_json json = {{"index", job.index},
                                 {"hash", job.hash},
                                 {"variant", job.variant},
                                 {"settings", job.label},
                                 {"run_dir", folder.path().string()}};
  // Reads a file that the job has written.
  const auto json_of = [&](const char* name) {
    return nlohmann::ordered_json::parse(base::read_json_text(folder.path() / name));
  };
  const sweep::JobState state = folder.state();
  json["state"] = state == sweep::JobState::done ? "done" : state == sweep::JobState::failed ? "failed" : "open";
  if (state == sweep::JobState::failed) {
    json["error"] = json_of("status.json").value("error", "");
  }
  if (state == sweep::JobState::done) {
    const nlohmann::ordered_json summary = json_of("summary.json");
    for (const char* key : {"metrics", "chosen", "seconds"}) json[key] = summary.at(key);
  }
  fmt::print("{}\n", json_line(json));
}

}  // namespace

void job(const JobOptions& options) {
  if (options.parent > 0) end_with_parent(options.parent);
  const std::filesystem::path folder = sweep::folder_of(options.plan);
  std::vector<std::size_t> indices = options.indices;
  if (indices.empty()) {
    indices.resize(sweep::read_plan_lines(folder).size());
    std::iota(indices.begin(), indices.end(), std::size_t{0});
  }
  const runtime::Registry registry(runtime::search_path(options.plugins.with({})));
  const sweep::Plan chosen = sweep::only(sweep::read_plan(folder, indices, registry), options.only);
  const sweep::Plan plan = sweep::available(chosen);
  sweep::require_some(plan, chosen);
  const runtime::Compute compute = compute_of(options.device, options.threads);
  prepare_process(/*clean_stops=*/2);
  Terminal terminal;
  if (options.retry_failed) sweep::reopen_failed(plan, folder);
  sweep::Outdated outdated = find_outdated(plan, folder, options.keep_done, terminal);
  sweep::ExecuteOptions execution;
  execution.folder = folder;
  execution.run = {"", options.store, compute, options.command_line, run::Outputs::results};
  if (options.max_failures > 0) execution.most_failures = options.max_failures;
  SweepProgress shown(terminal, {});
  const sweep::Progress progress = execute_jobs(plan, execution, outdated, terminal, shown);
  const std::string elsewhere = base::counted(progress.elsewhere, "job") + " running in another process";
  if (progress.elsewhere > 0) terminal.log(LogLevel::info, elsewhere);
  if (options.json && options.indices.size() == 1) {
    print_job(plan.jobs.front(), sweep::JobFolder(folder, plan.jobs.front().hash));
  } else if (options.json) {
    fmt::print("{}\n", json_line({{"total", progress.total}, {"done", progress.done}, {"failed", progress.failed}}));
  } else {
    fmt::print("jobs    {}\n", counts_text(progress));
  }
  if (interrupted()) throw FailedBehindResults(ExitCode::interrupted, "interrupted");
  if (progress.failed > 0)
    throw FailedBehindResults(ExitCode::failed,
                              fmt::format("{} of {} failed", progress.failed, base::counted(progress.total, "job")));
  // A caller that gives --index waits for the results of these jobs.
  if (progress.elsewhere > 0 && !options.indices.empty()) throw FailedBehindResults(ExitCode::failed, elsewhere);
}

}  // namespace runner
