// Provenance: which program made a result, on which data.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "config/experiment.h"
#include "data/task.h"
#include "pipeline/classify.h"

namespace trefoil::run {

// Versions, source revision, command line, machine, seed, and the SHA-256 of the plugins and of all files that the task
// was read from. Throws DataError when a file cannot be read.
nlohmann::ordered_json provenance(const config::Experiment& experiment, const data::Task& task,
                                  const std::vector<std::string>& command_line, const runtime::Compute& compute,
                                  base::FileSums& sums);

// Compares the plugins and files that a provenance.json names with their present content. Returns the first one that
// differs: the path of a plugin or of a data file, or a parameter of the encoder such as "encoder.weights"; the path of
// `file` itself when it has another form. Returns "" when all are equal. Files that are missing now count as equal.
// Single images and Trefoil itself are not compared. Throws DataError when a file cannot be read.
std::string changed_input(const std::filesystem::path& file, const config::Experiment& experiment,
                          base::FileSums& sums);

}  // namespace trefoil::run
