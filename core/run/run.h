// Run: runs the stages of one experiment, and writes its run directory.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/stopwatch.h"
#include "config/experiment.h"
#include "data/dataset.h"
#include "pipeline/adapter_stage.h"
#include "pipeline/stages.h"
#include "run/log.h"
#include "run/run_directory.h"
#include "run/run_options.h"
#include "run/shared_work.h"
#include "run/submission.h"
#include "run/summary.h"

namespace trefoil::run {

class Run {
 public:
  // The arguments must outlive the run.
  Run(const config::Experiment& experiment, const RunOptions& options, const RunDirectory& directory, RunLog& log,
      SharedWork& shared);

  // Loads, searches, selects, relates, trains, saves the model, and adapts it to the queries.
  void prepare();

  // The adapted classifier, and the files that its predictions go to.
  Submitter submitter();
  const data::Task& task() const { return data_->task; }
  const std::string& plugin_label() const {
    return adapter_ ? adapter_->plugin_label() : stages_->plugin_label(stages_->head_count());
  }

  // Writes the results after the queries were classified, which took `seconds`.
  Summary finish(double seconds);

 private:
  // Runs one stage and records its time.
  template <typename Stage>
  auto timed(const std::string& name, Stage stage) {
    log_.progress(name, 0, 1);
    const base::Stopwatch watch;
    auto result = stage();
    summary_.seconds.emplace_back(name, watch.seconds());
    log_.progress(name, 1, 1);
    return result;
  }

  void info(const std::string& line) { log_.log(LogLevel::info, line); }
  LoadedTask load_task();
  LoadedTask encode(const data::Dataset& dataset);
  void load();
  void search();
  template <typename Make>
  auto reported(Make make);
  Channels select();
  Classifier train();
  void build_model();
  void describe_model();
  void save_model();
  void adapt();
  void measure_collapse();
  void write_results();

  const config::Experiment& experiment_;
  const RunOptions& options_;
  const RunDirectory& directory_;
  RunLog& log_;
  SharedWork& shared_;
  config::Experiment chosen_ = experiment_;  // with the values that the search chose
  Summary summary_;
  runtime::RunContext context_{experiment_.seed, log_, summary_.plugin_metrics, shared_.sums, options_.compute.threads};
  const LoadedTask* data_ = nullptr;
  Channels channels_;
  std::optional<pipeline::Stages> stages_;         // must outlive the classifier, which may call a plugin
  Classifier start_;                               // before training
  Classifier classifier_;                          // before it is adapted
  std::optional<pipeline::AdapterStage> adapter_;  // must outlive `adapted_`
  Adapted adapted_;
  nlohmann::ordered_json provenance_;
  std::optional<Submission> submission_;
};

}  // namespace trefoil::run
