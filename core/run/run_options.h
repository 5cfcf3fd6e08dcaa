// Where and how an experiment is run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/compute.h"

namespace trefoil::run {

enum class Outputs {
  all,
  results,  // what a comparison of many runs needs: no model, no table of predictions or confusions, no report
};

struct RunOptions {
  std::filesystem::path runs = "runs";       // where run directories are made
  std::filesystem::path store = "features";  // where features of images and texts are kept
  runtime::Compute compute;
  std::vector<std::string> command_line;
  Outputs outputs = Outputs::all;
};

}  // namespace trefoil::run
