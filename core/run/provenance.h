// Provenance: everything needed to know which program, on which data, made a result.
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

// Versions, source revision, command line, machine, seed, and the SHA-256 of the plugins and of everything that the
// task was made from. Throws DataError when a file cannot be read.
nlohmann::ordered_json provenance(const config::Experiment& experiment, const data::Task& task,
                                  const std::vector<std::string>& command_line, const runtime::Compute& compute,
                                  base::FileSums& sums);

// The first thing that a provenance.json names and that has another content now: the path of a plugin or of a data
// file, or a parameter of the encoder such as "encoder.weights"; the path of `file` when no run wrote it. "" when there
// is none. What is not there now, `file` included, has not changed; single images are not looked at, nor is Trefoil
// itself. Throws DataError when a file cannot be read.
std::string changed_input(const std::filesystem::path& file, const config::Experiment& experiment,
                          base::FileSums& sums);

}  // namespace trefoil::run
