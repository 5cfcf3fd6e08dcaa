#include "sweep_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/errors.h"
#include "base/text.h"
#include "compute.h"
#include "config/launcher_section.h"
#include "interrupt.h"
#include "json_line.h"
#include "report/notes.h"
#include "report/pivot_text.h"
#include "report/published.h"
#include "report/setting_text.h"
#include "sweep/available.h"
#include "sweep/results.h"
#include "sweep/slurm.h"
#include "sweep/sweep_folder.h"
#include "workers.h"

namespace runner {

namespace {

using namespace trefoil;

// The ablation and the settings of a job: "no γ: seed=1".
std::string job_text(const sweep::PlannedJob& job) {
  return job.variant + (job.variant.empty() || job.label.empty() ? "" : ": ") + job.label;
}

void print_plan(const sweep::Plan& plan, const std::filesystem::path& folder, const RunOptions& options) {
  if (options.json) {
    Json jobs = Json::array();
    for (const sweep::PlannedJob& job : plan.jobs)
      jobs.push_back({{"index", job.index}, {"hash", job.hash}, {"variant", job.variant}, {"settings", job.label}});
    fmt::print("{}\n", json_line(Json{{"dry_run", options.dry_run}, {"sweep_dir", folder.string()}, {"jobs", jobs}}));
    return;
  }
  fmt::print("{}, {}, in {}:\n", base::counted(plan.jobs.size(), "job"),
             options.dry_run ? "not started (--dry-run)" : "planned", folder.string());
  for (const sweep::PlannedJob& job : plan.jobs) fmt::print("{:5}  {}\n", job.index, job_text(job));
}

// Adds --plugin-path options. `runner job` takes plugin folders only from its command line, not from the plan.
void add_plugin_folders(const RunOptions& options, const config::ExperimentFile& file,
                        std::vector<std::string>& words) {
  for (const std::filesystem::path& folder : options.plugins.with(file.plugin_path)) {
    words.insert(words.end(), {"--plugin-path", folder.string()});
  }
}

// Starts processes that run jobs of the same plan.
void start_workers(Workers& workers, const RunOptions& options, const config::ExperimentFile& file,
                   const std::filesystem::path& folder, int count, int threads) {
  std::vector<std::string> words = {options.command_line.front(),
                                    "job",
                                    "--plan",
                                    folder.string(),
                                    "--threads",
                                    std::to_string(threads),
                                    "--store",
                                    options.store.string(),
                                    "--device",
                                    options.device};
  words.insert(words.end(), {"--parent", std::to_string(::getpid())});
  add_plugin_folders(options, file, words);
  for (const std::string& condition : options.only) words.insert(words.end(), {"--only", condition});
  const std::size_t most = options.fail_fast ? 1 : options.max_failures;
  if (most > 0) words.insert(words.end(), {"--max-failures", std::to_string(most)});
  if (options.keep_done) words.emplace_back("--keep-done");
  for (int i = 0; i < count; ++i) workers.start(words);
}

// Returns the jobs that were running in other processes when `execute` met them.
sweep::Plan jobs_elsewhere(const sweep::Plan& plan, const sweep::Progress& seen) {
  sweep::Plan waiting = plan;
  waiting.jobs.clear();
  for (const sweep::PlannedJob* job : seen.jobs_elsewhere) waiting.jobs.push_back(*job);
  return waiting;
}

// Waits for the jobs that run in other processes, and runs a job itself when its process has died. It checks only these
// jobs, at growing intervals, because each check reads files, perhaps on a network file system.
void take_over_jobs(const sweep::Plan& plan, const sweep::Progress& seen, const sweep::ExecuteOptions& options,
                    sweep::Outdated& outdated, Terminal& terminal, SweepProgress& shown) {
  constexpr std::chrono::milliseconds kFirstWait{200};
  constexpr std::chrono::milliseconds kLongestWait{5000};
  sweep::Plan waiting = jobs_elsewhere(plan, seen);
  shown.start_from(seen);
  for (auto wait = kFirstWait; !waiting.jobs.empty(); wait = std::min(2 * wait, kLongestWait)) {
    for (auto slept = kFirstWait; slept <= wait && !interrupted(); slept += kFirstWait)
      std::this_thread::sleep_for(kFirstWait);
    if (interrupted()) return;
    const sweep::Progress now = execute_jobs(waiting, options, outdated, terminal, shown);
    shown.start_from(shown.sweep());
    waiting = jobs_elsewhere(waiting, now);
  }
}

// Counts the plan's jobs by their state, including jobs that other processes ran.
sweep::Progress count(const sweep::Plan& plan, const std::filesystem::path& folder) {
  std::vector<std::string> hashes;
  for (const sweep::PlannedJob& job : plan.jobs) hashes.push_back(job.hash);
  return sweep::count_jobs(folder, hashes);
}

void submit(const RunOptions& options, const config::ExperimentFile& file, const sweep::Plan& plan,
            const std::filesystem::path& folder, const Parameters& launcher) {
  std::vector<std::string> runner = {std::filesystem::read_symlink("/proc/self/exe").string(), "--store",
                                     std::filesystem::absolute(options.store).string(), "--device", options.device};
  if (options.threads > 0) runner.insert(runner.end(), {"--threads", std::to_string(options.threads)});
  if (options.keep_done) runner.emplace_back("--keep-done");
  add_plugin_folders(options, file, runner);
  Terminal terminal;
  sweep::Outdated outdated = find_outdated(plan, folder, options.keep_done, terminal);
  const sweep::Submission submission =
      sweep::submit_to_slurm(plan, folder, launcher, runner, outdated, options.retry_failed);
  if (options.json) {
    fmt::print("{}\n", json_line(Json{{"experiment", plan.name},
                                      {"sweep_dir", folder.string()},
                                      {"arrays", submission.arrays},
                                      {"report_job", submission.report},
                                      {"tasks", submission.tasks},
                                      {"jobs", submission.jobs}}));
    return;
  }
  if (submission.jobs == 0) {
    fmt::print("no jobs left to submit\nreport  {}\n", (folder / "report.html").string());
    return;
  }
  fmt::print("submitted {} as {}, arrays {}, report {}\nstatus  runner sweep status {}\n",
             base::counted(submission.jobs, "job"), base::counted(submission.tasks, "task"),
             fmt::join(submission.arrays, " "), submission.report, folder.string());
}

Json best_json(const report::Comparison& comparison) {
  if (!comparison.best) return nullptr;
  const report::Cell& cell = comparison.cells[*comparison.best];
  Json settings = Json::object();
  for (std::size_t i = 0; i < comparison.axes.size(); ++i) settings[comparison.axes[i].key] = cell.values[i];
  return {{"variant", cell.variant}, {"settings", settings}, {"test.top1", cell.accuracy()->mean}, {"runs", cell.done}};
}

void print_results(const sweep::Progress& progress, const sweep::SweepResults& results,
                   const std::filesystem::path& folder, bool json) {
  const report::Comparison& comparison = results.comparison;
  if (json) {
    fmt::print("{}\n", json_line(Json{
                           {"experiment", comparison.title},
                           {"sweep_dir", folder.string()},
                           {"jobs", {{"total", progress.total}, {"done", progress.done}, {"failed", progress.failed}}},
                           {"best", best_json(comparison)},
                           {"results", (folder / "results.csv").string()},
                           {"report", (folder / "report.html").string()}}));
    return;
  }
  if (results.pivot) fmt::print("{}", report::pivot_terminal_text(*results.pivot));
  fmt::print("jobs    {}\n", counts_text(progress));
  const bool several_datasets = results.pivot && results.pivot->has_average;  // their accuracies cannot be compared
  if (comparison.best && !several_datasets) {
    const report::Cell& cell = comparison.cells[*comparison.best];
    std::string settings = cell.variant;
    for (std::size_t i = 0; i < comparison.axes.size(); ++i)
      settings +=
          fmt::format("{}{}={}", settings.empty() ? "" : " ", comparison.axes[i].key, report::shown(cell.values[i]));
    if (cell.accuracy() != nullptr) fmt::print("best    {:.2f} %  {}\n", cell.accuracy()->mean, settings);
  }
  fmt::print("results {}\nreport  {}\n", (folder / "results.md").string(), (folder / "report.html").string());
}

}  // namespace

std::string counts_text(const sweep::Progress& progress) {
  const auto text = [](std::size_t count) { return base::grouped(static_cast<std::int64_t>(count)); };
  return fmt::format("{} of {} done, {} failed", text(progress.done), text(progress.total), text(progress.failed));
}

sweep::Outdated find_outdated(const sweep::Plan& plan, const std::filesystem::path& folder, bool keep_done,
                              Terminal& terminal) {
  if (keep_done) return {};
  sweep::Outdated outdated(plan, folder);
  for (const auto& [input, jobs] : outdated.changes())
    terminal.log(LogLevel::info, fmt::format("running {} again: {} has changed", base::counted(jobs, "job"), input));
  return outdated;
}

sweep::Progress execute_jobs(const sweep::Plan& plan, const sweep::ExecuteOptions& options, sweep::Outdated& outdated,
                             Terminal& terminal, SweepProgress& progress) {
  sweep::ExecuteCalls calls;
  calls.progress = [&](const sweep::Progress& now) { progress.show(now); };
  calls.failed = [&](const sweep::PlannedJob& job, const std::string& why) {
    terminal.log(LogLevel::warning, fmt::format("job {} failed ({}): {}", job.index, job_text(job), why));
  };
  calls.stop = &interrupted;
  return sweep::execute(plan, options, outdated, progress, calls);
}

void run_sweep(const RunOptions& options, const config::ExperimentFile& file) {
  const runtime::Registry registry(runtime::search_path(options.plugins.with(file.plugin_path)));
  const sweep::Plan whole = sweep::make_plan(file, registry);
  const sweep::Plan chosen = sweep::only(whole, options.only);
  const sweep::Plan plan = sweep::available(chosen);
  const std::filesystem::path folder = sweep::sweep_folder(options.runs, whole);
  if (options.dry_run || options.plan_only) {
    if (!options.dry_run) sweep::write_plan(folder, whole);
    print_plan(chosen, folder, options);
    return;
  }
  sweep::require_some(plan, chosen);
  if (!whole.report.reference.empty())
    report::read_published(whole.report.reference);  // mistakes in it end the sweep now
  const Parameters launcher = config::read_launcher(file);
  if ((options.launcher.empty() ? launcher.text("kind") : options.launcher) == "slurm") {
    sweep::write_plan(folder, whole);
    submit(options, file, plan, folder, launcher);
    return;
  }
  // A process runs whole families, so more processes than families would be idle.
  const int processes = std::min<int>(options.jobs, static_cast<int>(sweep::families(plan).size()));
  runtime::Compute compute = compute_of(options.device, options.threads);
  compute.threads = std::max(1, compute.threads / processes);
  prepare_process(/*clean_stops=*/2);
  sweep::write_plan(folder, whole);
  Terminal terminal;
  for (const std::string& note : sweep::notes_on_missing_data(chosen)) terminal.log(LogLevel::warning, note);
  if (options.retry_failed) sweep::reopen_failed(plan, folder);
  sweep::Outdated outdated = find_outdated(plan, folder, options.keep_done, terminal);
  terminal.log(LogLevel::info, fmt::format("{} in {}", base::counted(plan.jobs.size(), "job"), folder.string()));
  sweep::ExecuteOptions execution;
  execution.folder = folder;
  execution.run = {options.runs, options.store, compute, options.command_line, run::Outputs::results};
  if (options.fail_fast || options.max_failures > 0)
    execution.most_failures = options.fail_fast ? 1 : options.max_failures;
  {
    Workers workers;
    start_workers(workers, options, file, folder, processes - 1, compute.threads);
    SweepProgress shown(terminal, [&] { workers.stop(); });
    const sweep::Progress seen = execute_jobs(plan, execution, outdated, terminal, shown);
    if (seen.left() == 0) take_over_jobs(plan, seen, execution, outdated, terminal, shown);
    if (seen.left() > 0 && !interrupted()) workers.stop();  // too many jobs have failed
    workers.wait([&] { shown.notice_interrupts(); });
  }
  const sweep::Progress progress = count(plan, folder);
  const sweep::SweepResults results = sweep::update_results(folder, folder);
  const std::string seeds = report::note_on_seeds(results.comparison);
  if (!seeds.empty()) terminal.log(LogLevel::warning, seeds);
  print_results(progress, results, folder, options.json);
  if (interrupted()) throw FailedBehindResults(ExitCode::interrupted, "interrupted");
  if (progress.failed > 0) {
    throw FailedBehindResults(
        ExitCode::failed,
        fmt::format("{} of {} failed; {} has the errors; --retry-failed runs failed jobs again", progress.failed,
                    base::counted(progress.total, "job"), (folder / "report.html").string()));
  }
}

}  // namespace runner
