// Reopen: which jobs that have ended are run again.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "sweep/plan.h"

namespace trefoil::sweep {

// Removes what these jobs have left, so that they are open: the done ones that were made with another plugin, or from
// other data files or weights, than there are now, and `with_failed` those that have failed. Gives how many of the
// former there were, by what has changed: a path, or "encoder.weights" and the like. Throws RunError, and DataError
// when a file cannot be read.
std::map<std::string, std::size_t> reopen(const Plan& plan, const std::filesystem::path& folder, bool with_failed);

}  // namespace trefoil::sweep
