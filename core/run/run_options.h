// Where and how an experiment is run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/compute.h"

namespace trefoil::run {

enum class Outputs {
  all,
  results,  // for comparing many runs: no model, no tables of predictions and confusions, no report
};

struct RunOptions {
  std::filesystem::path runs = "runs";       // the folder of run directories
  std::filesystem::path store = "features";  // the folder of the feature store
  runtime::Compute compute;
  std::vector<std::string> command_line;
  Outputs outputs = Outputs::all;
};

}  // namespace trefoil::run
