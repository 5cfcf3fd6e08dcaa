#include <fmt/format.h>
#include <torch/cuda.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "commands.h"
#include "config/experiment.h"
#include "interrupt.h"
#include "json_line.h"
#include "pipeline/blocks.h"
#include "run/run_experiment.h"
#include "terminal.h"

namespace runner {

namespace {

using namespace trefoil;

pipeline::Compute compute_of(const RunOptions& options) {
  config::Diagnostics diagnostics;
  if (options.device == "cuda" && !torch::cuda::is_available()) {
    diagnostics.error({}, "--device cuda: no CUDA device is available to this LibTorch",
                      "use --device cpu, or build with a LibTorch that has CUDA (-DCMAKE_PREFIX_PATH=…)");
  }
  diagnostics.throw_if_any();
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return {torch::Device(options.device), options.threads > 0 ? options.threads : std::max(1, cores)};
}

void print_plan(const config::Experiment& experiment, const RunOptions& options) {
  const std::string into = (std::filesystem::absolute(options.runs) / experiment.name).lexically_normal().string();
  if (options.json) {
    const nlohmann::ordered_json plan = {{"dry_run", true},
                                         {"jobs", {{{"experiment", experiment.name}, {"runs", into}}}}};
    fmt::print("{}\n", json_line(plan));
    return;
  }
  fmt::print("1 run, not started (--dry-run):\n  1  {}: selector {}, relation {}, head {}, data {} → {}\n",
             experiment.name, experiment.selector.plugin->descriptor->name,
             experiment.relation.plugin->descriptor->name, experiment.head.plugin->descriptor->name,
             experiment.data.layout, into);
}

void print_result(const run::Summary& summary) {
  if (summary.metrics) {
    fmt::print("top-1   {:.2f} %\ntop-5   {:.2f} %\n", summary.metrics->top1(), summary.metrics->top5());
  }
  fmt::print("result  {}\nreport  {}\n", summary.submission.string(), (summary.run_dir / "report.html").string());
}

}  // namespace

void run(const RunOptions& options) {
  const config::ExperimentFile file = config::load_experiment_file(options.experiment, options.overrides);
  const plugins::Registry registry(plugins::search_path(file.plugin_path));
  const config::Experiment experiment = config::resolve(file, registry);
  const pipeline::Compute compute = compute_of(options);
  if (options.dry_run) {
    print_plan(experiment, options);
    return;
  }
  pipeline::use_one_thread_per_operation();
  pipeline::give_back_freed_blocks();
  catch_interrupts();
  Terminal terminal;
  const run::Summary summary = run::run_experiment(experiment, {options.runs, compute, options.command_line}, terminal);
  if (options.json) {
    fmt::print("{}\n", json_line(run::to_json(summary)));
  } else {
    print_result(summary);
  }
}

}  // namespace runner
