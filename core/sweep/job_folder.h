// JobFolder: the results of one job, its state, and the claim of the process that runs it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sweep/claim.h"

namespace trefoil::sweep {

enum class JobState {
  open,  // not started, or started and not finished
  done,
  failed,
};

class JobFolder {
 public:
  JobFolder(const std::filesystem::path& sweep, const std::string& hash);

  const std::filesystem::path& path() const { return path_; }

  // The state in status.json. A job is done only if its results are complete.
  JobState state() const;

  // test.top1 of a done job in percent. Nothing without labels.
  std::optional<double> accuracy() const;

  std::optional<Claim> claim() const;

  // Whether some process is running the job.
  bool is_claimed() const;

  // Removes the claim file of a process that was killed after its job was done.
  void remove_left_claim() const;

  // Removes the files of an earlier run. The caller holds the claim. Throws RunError.
  void clear() const;

 private:
  std::filesystem::path claim_file() const;

  // Whether the results are as the job wrote them, and config.toml has the hash of the job.
  bool has_whole_results() const;

  std::filesystem::path path_;
  std::string hash_;
};

}  // namespace trefoil::sweep
