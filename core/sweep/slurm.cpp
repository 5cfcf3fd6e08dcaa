#include "sweep/slurm.h"

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/atomic_file.h"
#include "base/checksums.h"
#include "base/command.h"
#include "base/errors.h"

namespace trefoil::sweep {

namespace {

constexpr const char* kSubmissionFile = "slurm.json";

}  // namespace

std::vector<std::string> Submission::ids() const {
  std::vector<std::string> all = arrays;
  all.push_back(report);
  return all;
}

bool was_submitted(const std::filesystem::path& folder) { return std::filesystem::exists(folder / kSubmissionFile); }

void write_submission(const Submission& submission, const std::filesystem::path& folder) {
  const nlohmann::ordered_json json = {{"arrays", submission.arrays},
                                       {"report", submission.report},
                                       {"tasks", submission.tasks},
                                       {"jobs", submission.jobs}};
  base::write_atomically(folder / kSubmissionFile, json.dump(2) + "\n");
  base::record_checksums(folder, {kSubmissionFile});
}

Submission read_submission(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kSubmissionFile;
  if (!was_submitted(folder))
    throw DataError(file.string() + ": the file is missing: this sweep was not submitted to a cluster");
  base::Checksums(folder, "cancel its jobs with scancel, and submit it again").require(kSubmissionFile);
  try {
    const auto json = nlohmann::json::parse(base::read_json_text(file));
    return {json.at("arrays").get<std::vector<std::string>>(), json.at("report").get<std::string>(),
            json.at("tasks").get<std::size_t>(), json.at("jobs").get<std::size_t>()};
  } catch (const nlohmann::json::exception& error) {
    throw DataError(file.string() + ": it is damaged (" + error.what() + ")");
  }
}

std::vector<std::pair<std::string, std::size_t>> queued(const Submission& submission) {
  std::string ids;
  for (const std::string& id : submission.ids()) ids += (ids.empty() ? "" : ",") + id;
  const base::CommandResult result =
      base::run_command({"squeue", "--noheader", "--array", "--format=%T", "--jobs=" + ids});
  // squeue fails for jobs that ended some minutes ago.
  if (result.output.find("Invalid job id") != std::string::npos) return {};
  if (result.exit_code != 0) throw RunError("squeue failed: " + result.output);
  std::map<std::string, std::size_t> counts;
  std::istringstream states(result.output);
  for (std::string state; states >> state;) ++counts[state];
  return {counts.begin(), counts.end()};
}

void cancel(const Submission& submission) {
  std::vector<std::string> words = {"scancel"};
  for (const std::string& id : submission.ids()) words.push_back(id);
  const base::CommandResult result = base::run_command(words);
  if (result.exit_code != 0) throw RunError("scancel failed: " + result.output);
}

}  // namespace trefoil::sweep
