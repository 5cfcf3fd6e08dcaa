// Provenance: everything needed to know which program, on which data, made a result.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "pipeline/classify.h"

namespace trefoil::run {

// Versions, source revision, command line, machine, seed, and the SHA-256 of the plugins and data files.
// Throws DataError when one of `files` cannot be read.
nlohmann::ordered_json provenance(const config::Experiment& experiment, const std::vector<std::filesystem::path>& files,
                                  const std::vector<std::string>& command_line, const pipeline::Compute& compute);

}  // namespace trefoil::run
