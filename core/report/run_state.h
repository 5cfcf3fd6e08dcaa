// RunState: what status.json says about a run, corrected for runs that were killed.
#pragma once

#include <filesystem>
#include <string>

namespace trefoil::report {

struct RunState {
  std::string status;  // "done", "failed", "interrupted", "running", "killed", or "damaged"
  std::string error;   // the reason, if it is known
};

// Reads status.json of a run directory. A run that was killed cannot write its end: it is "killed" when its process has
// ended, or, on another computer, when status.json was not rewritten for minutes. It is "damaged" when status.json
// cannot be read. Throws DataError when there is no status.json.
RunState read_run_state(const std::filesystem::path& directory);

}  // namespace trefoil::report
