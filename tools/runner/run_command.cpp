#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "compute.h"
#include "config/resolve.h"
#include "config/sweep_section.h"
#include "json_line.h"
#include "metrics_output.h"
#include "run/run_experiment.h"
#include "sweep_command.h"
#include "terminal.h"

namespace runner {

namespace {

using namespace trefoil;

void print_plan(const config::Experiment& experiment, const RunOptions& options) {
  const std::string into = (std::filesystem::absolute(options.runs) / experiment.name).lexically_normal().string();
  if (options.json) {
    const nlohmann::ordered_json plan = {{"dry_run", true},
                                         {"jobs", {{{"experiment", experiment.name}, {"runs", into}}}}};
    fmt::print("{}\n", json_line(plan));
    return;
  }
  std::string plugins;
  for (const runtime::KindTraits& kind : runtime::plugin_kinds()) {
    const std::string name = config::plugin_name(experiment, kind.kind);
    if (!name.empty()) plugins += fmt::format("{} {}, ", kind.name, name);
  }
  fmt::print("1 run, not started (--dry-run):\n  1  {}: {}data {} → {}\n", experiment.name, plugins,
             experiment.data.layout, into);
}

void print_result(const run::Summary& summary) {
  if (summary.metrics) print_metrics(*summary.metrics, stdout);
  fmt::print("result  {}\nreport  {}\n", summary.submission.string(), (summary.run_dir / "report.html").string());
}

void refuse_sweep_options(const RunOptions& options) {
  const bool any = !options.only.empty() || options.jobs > 1 || options.fail_fast || options.max_failures > 0 ||
                   options.retry_failed || options.keep_done || options.plan_only || !options.launcher.empty();
  if (!any) return;
  config::Diagnostics diagnostics;
  diagnostics.error({options.experiment, 1, 1, ""}, "this experiment has no [sweep] and no [[ablation]]",
                    "remove --plan-only, --only, --jobs, --fail-fast, --max-failures, --retry-failed and --keep-done: "
                    "they need a sweep");
  diagnostics.throw_if_any();
}

}  // namespace

void run(const RunOptions& options) {
  const config::ExperimentFile file = config::load_experiment_file(options.experiment, options.overrides);
  if (config::has_sweep(file.table)) {
    run_sweep(options, file);
    return;
  }
  refuse_sweep_options(options);
  const runtime::Registry registry(runtime::search_path(options.plugins.with(file.plugin_path)));
  const config::Experiment experiment = config::resolve(config::with_job(file, {}), registry);
  const runtime::Compute compute = compute_of(options.device, options.threads);
  if (options.dry_run) {
    print_plan(experiment, options);
    return;
  }
  prepare_process();
  Terminal terminal;
  const run::Summary summary =
      run::run_experiment(experiment, {options.runs, options.store, compute, options.command_line}, terminal);
  if (options.json) {
    fmt::print("{}\n", json_line(run::to_json(summary)));
  } else {
    print_result(summary);
  }
}

}  // namespace runner
