// JobFolder: where one job's results are, whether it is done, and who is working on it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sweep/claim.h"

namespace trefoil::sweep {

enum class JobState {
  open,  // never begun, or begun and left: killed or interrupted
  done,
  failed,
};

class JobFolder {
 public:
  JobFolder(const std::filesystem::path& sweep, const std::string& hash);

  const std::filesystem::path& path() const { return path_; }

  // What its status.json says; done only with its results.
  JobState state() const;

  // test.top1 of a done job in percent; nothing without labels.
  std::optional<double> accuracy() const;

  std::optional<Claim> claim() const;

  // Whether somebody works on it.
  bool is_claimed() const;

  // Removes the file of a claim whose holder was killed when its job was done, before it could.
  void remove_left_claim() const;

  // Removes what an earlier run has left. Only with a claim. Throws RunError.
  void clear() const;

 private:
  std::filesystem::path claim_file() const;

  // summary.json is not cut, and config.toml is the experiment that the hash names.
  bool has_whole_results() const;

  std::filesystem::path path_;
  std::string hash_;
};

}  // namespace trefoil::sweep
