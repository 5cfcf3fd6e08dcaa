// Sweeps on a cluster, with programs in place of Slurm's that note what they were asked.
#include <sstream>

#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

// sbatch, squeue, scancel and scontrol in a folder of their own. sbatch numbers its jobs from 101 and runs nothing;
// A file `refuse` in the folder makes it refuse its second job, `empty` empties the queue.
class Cluster {
 public:
  Cluster() {
    const std::string text = read(write_small_experiment(folder_.path()));
    folder_.write("sweep.toml", text +
                                    "[sweep.grid]\n\"relation.beta\" = [1, 2, 3, 4, 5]\nseed = [1, 2]\n[launcher]\n"
                                    "options = [\"--partition=tiny\"]\njobs_per_task = 2\nmost_tasks_at_once = 3\n"
                                    "setup = \"module load torch\"\n");
    const std::string here = shell_word(folder_.path().string());
    program("sbatch", "echo \"$@\" >> " + here + "/calls\nn=$(wc -l < " + here + "/calls)\n" + "if [ -e " + here +
                          "/refuse ] && [ $n -ge 2 ]; then echo 'sbatch: error: no such partition' >&2; exit 1; fi\n" +
                          "echo 'sbatch: Warning: the partition is small' >&2\necho \"$((100 + n));cluster\"\n");
    program("squeue", "[ -e " + here + "/empty ] || { echo PENDING; echo RUNNING; echo PENDING; }\n");
    program("scancel", "echo \"$@\" >> " + here + "/cancelled\n");
    program("scontrol", "echo 'MaxArraySize            = 4'\n");
  }

  Outcome run(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {(folder_ / "sweep.toml").string(), "--out", (folder_ / "runs").string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return command(words);
  }

  Outcome command(const std::vector<std::string>& words) const {
    return run_runner(words, {"PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin"});
  }

  void refuse() const { folder_.write("refuse", ""); }
  void empty() const { folder_.write("empty", ""); }
  std::string file(const char* name) const { return read(folder_ / name); }

 private:
  void program(const char* name, const std::string& body) const {
    const auto file = folder_.write(std::string("bin/") + name, "#!/bin/sh\n" + body);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a sweep goes to Slurm as arrays of bounded size and a report behind them", "[slurm]") {
  const Cluster cluster;
  const Outcome outcome = cluster.run({"--launcher", "slurm", "--json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const auto json = outcome.json();
  REQUIRE(json.at("arrays") == nlohmann::json{"101", "102"});
  REQUIRE(json.at("report_job") == "103");
  REQUIRE(json.at("tasks") == 5);
  REQUIRE(json.at("jobs") == 10);
  std::istringstream calls(cluster.file("calls"));
  std::string line;
  std::getline(calls, line);
  REQUIRE_THAT(line, ContainsSubstring("--partition=tiny") && ContainsSubstring("--array=0-3%3"));
  std::getline(calls, line);
  REQUIRE_THAT(line, ContainsSubstring("--array=0-0%3"));
  std::getline(calls, line);
  REQUIRE_THAT(line, ContainsSubstring("--dependency=afterany:101:102"));

  const std::string folder = json.at("sweep_dir");
  REQUIRE_THAT(read(folder + "/slurm/array-0.sh"), ContainsSubstring("module load torch"));
  // Runs the script of a task here instead of on the cluster.
  for (const char* task : {"0", "3"}) {
    const Outcome done =
        run_shell(std::string("SLURM_ARRAY_TASK_ID=") + task + " sh " + shell_word(folder + "/slurm/array-0.sh"));
    CAPTURE(done.err);
    REQUIRE(done.exit_code == 0);
  }
  const auto status = cluster.command({"sweep", "status", folder, "--json"}).json();
  REQUIRE(status.at("done") == 4);
  REQUIRE(status.at("queue") == nlohmann::json{{"PENDING", 2}, {"RUNNING", 1}});
  const Outcome second = cluster.run({"--launcher", "slurm"});
  REQUIRE(second.exit_code == 1);
  REQUIRE_THAT(second.err, ContainsSubstring("3 tasks of this sweep are in the queue"));
  // A task without a line has no jobs, and does not take all of them.
  REQUIRE(run_shell("SLURM_ARRAY_TASK_ID=9 sh " + shell_word(folder + "/slurm/array-0.sh")).exit_code == 1);
  cluster.empty();
  // Finished jobs are not submitted again.
  REQUIRE(cluster.run({"--launcher", "slurm", "--json"}).json().at("jobs") == 6);
  REQUIRE(cluster.command({"sweep", "cancel", folder}).exit_code == 0);
  REQUIRE_THAT(cluster.file("cancelled"), ContainsSubstring("104"));
}

TEST_CASE("a percent sign in the path of a sweep is not a pattern of Slurm", "[slurm]") {
  const Cluster cluster;
  const auto json = cluster.run({"--launcher", "slurm", "--json", "--set", "name=100%A"}).json();
  const std::string folder = json.at("sweep_dir");
  REQUIRE_THAT(folder, ContainsSubstring("/100%A/"));
  REQUIRE_THAT(cluster.file("calls"), ContainsSubstring("/100%%A/") && ContainsSubstring("/slurm/%A_%a.log"));
}

TEST_CASE("what sbatch refuses is told, and what it took before is cancelled", "[slurm]") {
  const Cluster cluster;
  cluster.refuse();
  const Outcome outcome = cluster.run({"--launcher", "slurm"});
  REQUIRE(outcome.exit_code == 1);
  REQUIRE_THAT(outcome.err, ContainsSubstring("no such partition"));
  REQUIRE_THAT(cluster.file("cancelled"), ContainsSubstring("101"));
}

TEST_CASE("where a sweep runs is no part of its jobs", "[slurm]") {
  const Cluster cluster;
  const auto here = cluster.run({"--dry-run", "--json"}).json();
  const auto there = cluster.run({"--dry-run", "--json", "--launcher", "slurm"}).json();
  REQUIRE(here == there);
  const Outcome never = cluster.command({"sweep", "status", here.at("sweep_dir").get<std::string>()});
  REQUIRE(never.exit_code == 4);
}
