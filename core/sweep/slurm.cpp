#include "sweep/slurm.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "base/atomic_file.h"
#include "base/command.h"
#include "base/errors.h"
#include "sweep/job_folder.h"

namespace trefoil::sweep {

namespace {

using Indices = std::vector<std::size_t>;

constexpr const char* kSubmissionFile = "slurm.json";

// A word of a shell script.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return text + "'";
}

// Slurm's bound on the indices of an array: MaxArraySize is one more than the largest. Its default where scontrol does
// not tell.
std::size_t most_tasks_of_an_array() {
  constexpr std::size_t kDefault = 1001;
  const base::CommandResult config = base::run_command({"scontrol", "show", "config"});
  const std::size_t place = config.output.find("MaxArraySize");
  if (config.exit_code != 0 || place == std::string::npos) return kDefault;
  const std::size_t equals = config.output.find('=', place);
  const int size = equals == std::string::npos ? 0 : std::atoi(config.output.c_str() + equals + 1);
  return size > 1 ? static_cast<std::size_t>(size) : kDefault;
}

Indices open_jobs(const Plan& plan, const std::filesystem::path& folder) {
  Indices open;
  for (const PlannedJob& job : plan.jobs) {
    if (JobFolder(folder, job.hash).state() == JobState::open) open.push_back(job.index);
  }
  return open;
}

std::string task_line(const Indices& jobs, std::size_t first, std::size_t count) {
  std::string line;
  for (std::size_t i = first; i < std::min(first + count, jobs.size()); ++i)
    line += (line.empty() ? "" : " ") + std::to_string(jobs[i]);
  return line + "\n";
}

// What a task runs: the jobs on its line of `list`.
std::string array_script(const std::filesystem::path& folder, const std::filesystem::path& list,
                         const std::string& setup, const std::vector<std::string>& runner) {
  std::string command = quoted(runner.front()) + " job --plan " + quoted(folder.string());
  for (std::size_t i = 1; i < runner.size(); ++i) command += " " + quoted(runner[i]);
  return "#!/bin/sh\n" + setup + (setup.empty() ? "" : "\n") + "jobs=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" " +
         quoted(list.string()) + ")\n" + "for job in $jobs; do set -- \"$@\" --index \"$job\"; done\n" + "exec " +
         command + " \"$@\"\n";
}

class Submitter {
 public:
  Submitter(const std::filesystem::path& folder, const Parameters& launcher, const std::vector<std::string>& runner)
      : folder_(folder), scripts_(folder / "slurm"), launcher_(launcher), runner_(runner) {
    std::filesystem::create_directories(scripts_);
  }

  Submission submit(const Plan& plan) {
    const Indices jobs = open_jobs(plan, folder_);
    submission_.jobs = jobs.size();
    const auto per_task = static_cast<std::size_t>(launcher_.integer("jobs_per_task"));
    const std::size_t most_jobs = most_tasks_of_an_array() * per_task;
    try {
      for (std::size_t first = 0; first < jobs.size(); first += most_jobs) {
        const Indices part(jobs.begin() + static_cast<std::ptrdiff_t>(first),
                           jobs.begin() + static_cast<std::ptrdiff_t>(std::min(first + most_jobs, jobs.size())));
        submit_array(plan.name, part, per_task);
      }
      if (!jobs.empty()) submit_report(plan.name);
    } catch (const RunError&) {
      if (!submission_.arrays.empty()) base::run_command(with_ids({"scancel"}));
      throw;
    }
    if (!jobs.empty()) write();
    return submission_;
  }

 private:
  std::vector<std::string> with_ids(std::vector<std::string> words) const {
    words.insert(words.end(), submission_.arrays.begin(), submission_.arrays.end());
    return words;
  }

  void submit_array(const std::string& name, const Indices& jobs, std::size_t per_task) {
    const std::string number = std::to_string(submission_.arrays.size());
    std::string list;
    std::size_t tasks = 0;
    for (std::size_t first = 0; first < jobs.size(); first += per_task, ++tasks)
      list += task_line(jobs, first, per_task);
    const std::filesystem::path list_file = scripts_ / ("tasks-" + number + ".txt");
    base::write_atomically(list_file, list);
    const std::filesystem::path script = scripts_ / ("array-" + number + ".sh");
    base::write_atomically(script, array_script(folder_, list_file, launcher_.text("setup"), runner_));
    std::string range = "--array=0-" + std::to_string(tasks - 1);
    const std::int64_t most = launcher_.integer("most_tasks_at_once");
    if (most > 0) range += "%" + std::to_string(most);
    submission_.arrays.push_back(
        submit_script(script, {range, "--job-name=" + name, "--output=" + (scripts_ / "%A_%a.log").string()}));
    submission_.tasks += tasks;
  }

  // After all arrays, however they end: afterok would wait for ever behind a failure.
  void submit_report(const std::string& name) {
    std::string after = "--dependency=afterany";
    for (const std::string& id : submission_.arrays) after += ":" + id;
    const std::filesystem::path script = scripts_ / "report.sh";
    base::write_atomically(script,
                           "#!/bin/sh\nexec " + quoted(runner_.front()) + " report " + quoted(folder_.string()) + "\n");
    submission_.report = submit_script(
        script, {after, "--job-name=" + name + "-report", "--output=" + (scripts_ / "report.log").string()});
  }

  std::string submit_script(const std::filesystem::path& script, const std::vector<std::string>& own) const {
    std::vector<std::string> words = {"sbatch", "--parsable"};
    for (const std::string& option : launcher_.list("options")) words.push_back(option);
    words.insert(words.end(), own.begin(), own.end());
    words.push_back(script.string());
    const base::CommandResult result = base::run_command(words);
    const std::string id = result.output.substr(0, result.output.find_first_of(";\n"));
    const bool is_number = !id.empty() && id.find_first_not_of("0123456789") == std::string::npos;
    if (result.exit_code != 0 || !is_number)
      throw RunError("sbatch took no job (exit code " + std::to_string(result.exit_code) + "): " + result.output);
    return id;
  }

  void write() const {
    const nlohmann::ordered_json json = {{"arrays", submission_.arrays},
                                         {"report", submission_.report},
                                         {"tasks", submission_.tasks},
                                         {"jobs", submission_.jobs}};
    base::write_atomically(folder_ / kSubmissionFile, json.dump(2) + "\n");
  }

  const std::filesystem::path& folder_;
  std::filesystem::path scripts_;
  const Parameters& launcher_;
  const std::vector<std::string>& runner_;
  Submission submission_;
};

}  // namespace

std::vector<std::string> Submission::ids() const {
  std::vector<std::string> all = arrays;
  all.push_back(report);
  return all;
}

Submission submit_to_slurm(const Plan& plan, const std::filesystem::path& folder, const Parameters& launcher,
                           const std::vector<std::string>& runner) {
  return Submitter(folder, launcher, runner).submit(plan);
}

Submission read_submission(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kSubmissionFile;
  if (!std::filesystem::exists(file))
    throw DataError(file.string() + ": there is none, so this sweep was never submitted to a cluster");
  try {
    const auto json = nlohmann::json::parse(base::read_text(file));
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
  // squeue does not know jobs that ended a while ago.
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
