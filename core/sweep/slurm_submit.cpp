#include <algorithm>
#include <sstream>

#include "base/atomic_file.h"
#include "base/command.h"
#include "base/errors.h"
#include "base/text.h"
#include "sweep/execute.h"
#include "sweep/job_folder.h"
#include "sweep/slurm.h"

namespace trefoil::sweep {

namespace {

using Indices = std::vector<std::size_t>;

// The largest number of tasks in a job array: MaxArraySize of the cluster's configuration, or Slurm's default when
// scontrol fails.
std::size_t most_tasks_of_an_array() {
  constexpr std::size_t kDefault = 1001;
  const base::CommandResult config = base::run_command({"scontrol", "show", "config"});
  const std::size_t place = config.output.find("MaxArraySize");
  if (config.exit_code != 0 || place == std::string::npos) return kDefault;
  const std::size_t equals = config.output.find('=', place);
  const int size = equals == std::string::npos ? 0 : std::atoi(config.output.c_str() + equals + 1);
  return size > 1 ? static_cast<std::size_t>(size) : kDefault;
}

Indices open_jobs(const Plan& plan, const std::filesystem::path& folder, Outdated& outdated) {
  Indices open;
  for (const PlannedJob& job : plan.jobs) {
    if (outdated.state(job, JobFolder(folder, job.hash)) == JobState::open) open.push_back(job.index);
  }
  return open;
}

std::string task_line(const Indices& jobs, std::size_t first, std::size_t count) {
  std::string line;
  for (std::size_t i = first; i < std::min(first + count, jobs.size()); ++i)
    line += (line.empty() ? "" : " ") + std::to_string(jobs[i]);
  return line + "\n";
}

// The script of a task: it runs the jobs on the task's line of `list`.
std::string array_script(const std::filesystem::path& folder, const std::filesystem::path& list,
                         const std::string& setup, const std::vector<std::string>& runner) {
  std::vector<std::string> words = {runner.front(), "job", "--plan", folder.string()};
  words.insert(words.end(), runner.begin() + 1, runner.end());
  return "#!/bin/sh\n" + setup + (setup.empty() ? "" : "\n") + "jobs=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" " +
         base::shell_line({list.string()}) + ")\n" +
         "[ -n \"$jobs\" ] || { echo \"there are no jobs for task $SLURM_ARRAY_TASK_ID\" >&2; exit 1; }\n" +
         "for job in $jobs; do set -- \"$@\" --index \"$job\"; done\n" + "exec " + base::shell_line(words) +
         " \"$@\"\n";
}

// The id that sbatch --parsable prints: "12" or "12;cluster". Warnings are on separate lines.
std::string printed_id(const std::string& output) {
  std::istringstream lines(output);
  std::string id;
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.find(';'), line.size()));
    if (!line.empty() && line.find_first_not_of("0123456789") == std::string::npos) id = line;
  }
  return id;
}

// Throws while tasks of an earlier submission are queued: they read files that a second submission would replace.
void refuse_second_submission(const std::filesystem::path& folder) {
  if (!was_submitted(folder)) return;
  std::size_t waiting = 0;
  for (const auto& [state, count] : queued(read_submission(folder))) waiting += count;
  if (waiting == 0) return;
  throw RunError(std::to_string(waiting) +
                 " tasks of this sweep are in the queue; wait for them, or take them out by 'runner " +
                 "sweep cancel " + folder.string() + "'");
}

// Returns a path for --output of sbatch, which replaces patterns such as %A.
std::string output_path(const std::filesystem::path& folder, const std::string& pattern) {
  std::string escaped;
  for (const char c : folder.string()) escaped += c == '%' ? "%%" : std::string(1, c);
  return "--output=" + escaped + "/" + pattern;
}

class Submitter {
 public:
  Submitter(const std::filesystem::path& folder, const Parameters& launcher, const std::vector<std::string>& runner)
      : folder_(folder), scripts_(folder / "slurm"), launcher_(launcher), runner_(runner) {
    std::filesystem::create_directories(scripts_);
  }

  Submission submit(const Plan& plan, const Indices& jobs) {
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
      if (!jobs.empty()) write_submission(submission_, folder_);
    } catch (const RunError&) {
      if (!submission_.arrays.empty()) base::run_command(with_ids({"scancel"}));
      throw;
    }
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
        submit_script(script, {range, "--open-mode=append", "--job-name=" + name, output_path(scripts_, "%A_%a.log")}));
    submission_.tasks += tasks;
  }

  // Runs after all arrays, whether they succeed or fail: with afterok it would never start after a failure.
  void submit_report(const std::string& name) {
    std::string after = "--dependency=afterany";
    for (const std::string& id : submission_.arrays) after += ":" + id;
    const std::filesystem::path script = scripts_ / "report.sh";
    base::write_atomically(script,
                           "#!/bin/sh\nexec " + base::shell_line({runner_.front(), "report", folder_.string()}) + "\n");
    submission_.report =
        submit_script(script, {after, "--job-name=" + name + "-report", output_path(scripts_, "report.log")});
  }

  std::string submit_script(const std::filesystem::path& script, const std::vector<std::string>& own) const {
    std::vector<std::string> words = {"sbatch", "--parsable"};
    for (const std::string& option : launcher_.list("options")) words.push_back(option);
    words.insert(words.end(), own.begin(), own.end());
    words.push_back(script.string());
    const base::CommandResult result = base::run_command(words);
    std::string id = printed_id(result.output);
    if (result.exit_code != 0 || id.empty())
      throw RunError("sbatch failed (exit code " + std::to_string(result.exit_code) + "): " + result.output);
    return id;
  }

  const std::filesystem::path& folder_;
  std::filesystem::path scripts_;
  const Parameters& launcher_;
  const std::vector<std::string>& runner_;
  Submission submission_;
};

}  // namespace

Submission submit_to_slurm(const Plan& plan, const std::filesystem::path& folder, const Parameters& launcher,
                           const std::vector<std::string>& runner, Outdated& outdated, bool with_failed) {
  refuse_second_submission(folder);
  if (with_failed) reopen_failed(plan, folder);
  return Submitter(folder, launcher, runner).submit(plan, open_jobs(plan, folder, outdated));
}

}  // namespace trefoil::sweep
