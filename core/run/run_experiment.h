// run_experiment: one experiment from its resolved description to its run directory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "pipeline/classify.h"
#include "pipeline/observer.h"
#include "run/summary.h"

namespace trefoil::run {

struct RunOptions {
  std::filesystem::path runs = "runs";       // where run directories are made
  std::filesystem::path store = "features";  // where features of images and texts are kept
  pipeline::Compute compute;
  std::vector<std::string> command_line;
};

// Loads, selects, relates, trains, classifies, and writes everything. Whatever it throws, the run directory (if it was
// made) tells: status.json says "failed" or "interrupted" and why, and no output is half written.
Summary run_experiment(const config::Experiment& experiment, const RunOptions& options, pipeline::Observer& observer);

}  // namespace trefoil::run
