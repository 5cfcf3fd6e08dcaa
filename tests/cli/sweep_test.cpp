// Sweeps and ablations: planned, run, taken up again, and told about.
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "base/csv.h"
#include "formats/array.h"
#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

// The small problem with a sweep behind it.
class Sweep {
 public:
  explicit Sweep(const std::string& sections) {
    const std::string text = read(write_small_experiment(folder_.path()));
    file_ = folder_.write("sweep.toml", text + sections).string();
  }

  std::string command(const std::vector<std::string>& arguments) const {
    std::string line = shell_word(runner_program()) + " " + shell_word(file_) + " --out " + shell_word(runs().string());
    for (const std::string& argument : arguments) line += " " + shell_word(argument);
    return line;
  }

  Outcome run(const std::vector<std::string>& arguments = {}) const { return run_shell(command(arguments)); }

  std::filesystem::path runs() const { return folder_ / "runs"; }
  const TemporaryFolder& folder() const { return folder_; }

  // The one sweep's folder.
  std::filesystem::path sweep_dir() const {
    for (const auto& entry : std::filesystem::directory_iterator(runs() / "small")) {
      if (std::filesystem::exists(entry.path() / "plan.csv")) return entry.path();
    }
    throw std::runtime_error("there is no sweep");
  }

  std::size_t jobs_done() const {
    std::size_t done = 0;
    for (const auto& entry : std::filesystem::directory_iterator(sweep_dir() / "jobs"))
      done += std::filesystem::exists(entry.path() / "summary.json") ? 1 : 0;
    return done;
  }

 private:
  TemporaryFolder folder_;
  std::string file_;
};

// Column -> value of each row of results.csv.
std::vector<std::map<std::string, std::string>> results(const std::filesystem::path& sweep_dir) {
  const auto rows = trefoil::base::csv_rows(read(sweep_dir / "results.csv"));
  std::vector<std::map<std::string, std::string>> table;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    std::map<std::string, std::string>& row = table.emplace_back();
    for (std::size_t column = 0; column < rows[0].size(); ++column) row[rows[0][column]] = rows[i].at(column);
  }
  return table;
}

const std::string kSweepGrid =
    "[sweep.grid]\n\"selector\" = [{ plugin = \"mixed\", q = 10 }, { plugin = \"mixed\", q = 20 }]\n"
    "\"relation.alpha\" = [0, 2, 4]\n\"relation.beta\" = [1, 5.5]\nseed = [1, 2]\n";

}  // namespace

TEST_CASE("--dry-run shows the numbered plan, and runs nothing", "[sweep]") {
  const Sweep sweep(kSweepGrid);
  const auto json = succeeded(sweep.run({"--dry-run", "--json"}));
  REQUIRE(json.at("jobs").size() == 24);
  REQUIRE(json.at("jobs")[23].at("index") == 23);
  REQUIRE_THAT(json.at("jobs")[1].at("settings").get<std::string>(), ContainsSubstring("relation.beta=1 seed=2"));
  REQUIRE_FALSE(std::filesystem::exists(sweep.runs()));
  REQUIRE_THAT(sweep.run({"--dry-run"}).out, ContainsSubstring("24 jobs, not started"));
}

TEST_CASE("every job of a sweep gives what it gives alone, to the byte", "[sweep]") {
  const Sweep sweep(kSweepGrid);
  const auto json = succeeded(sweep.run({"--json"}));
  REQUIRE(json.at("jobs") == nlohmann::json{{"total", 24}, {"done", 24}, {"failed", 0}});
  const std::filesystem::path folder = json.at("sweep_dir").get<std::string>();
  const auto table = results(folder);
  REQUIRE(table.size() == 24);
  for (const std::size_t i : {0U, 5U, 13U, 22U}) {
    const std::filesystem::path job = table[i].at("directory");
    const auto alone =
        succeeded(run_runner({(job / "config.toml").string(), "--out", (sweep.folder() / "alone").string(), "--json"}));
    REQUIRE(read(alone.at("submission").get<std::string>()) == read(job / "result.txt"));
    REQUIRE(alone.at("metrics").at("test.top1").get<double>() == Approx(std::stod(table[i].at("test.top1"))));
  }
  REQUIRE(std::filesystem::file_size(folder / "report.html") > 1000);
  REQUIRE_THAT(read(folder / "results.md"), ContainsSubstring("**"));
}

TEST_CASE("a sweep goes on where it was left, and runs nothing twice", "[sweep]") {
  const Sweep sweep(kSweepGrid);
  succeeded(sweep.run({"--json", "--only", "seed=1", "--only", "relation.alpha=2"}));
  REQUIRE(sweep.jobs_done() == 4);
  const std::filesystem::path done = results(sweep.sweep_dir())[0].at("directory");
  const auto written = std::filesystem::last_write_time(done / "result.txt");
  // Its process was killed when it was done, but still had the claim.
  const std::filesystem::path claim = done.string() + ".claim";
  std::ofstream(claim).flush();
  // One whose results somebody removed, and one that was killed in the middle: its status says running.
  std::filesystem::remove(std::filesystem::path(results(sweep.sweep_dir())[2].at("directory")) / "summary.json");
  const std::filesystem::path killed = results(sweep.sweep_dir())[1].at("directory");
  std::filesystem::remove(killed / "summary.json");
  std::ofstream(killed / "status.json") << R"({"state": "running"})";
  succeeded(sweep.run({"--json"}));
  REQUIRE(sweep.jobs_done() == 24);
  REQUIRE(std::filesystem::exists(killed / "summary.json"));
  REQUIRE(std::filesystem::last_write_time(done / "result.txt") == written);
  REQUIRE_FALSE(std::filesystem::exists(claim));
  REQUIRE(succeeded(sweep.run({"--json"})).at("jobs").at("done") == 24);
}

TEST_CASE("jobs run again when a plugin or their data have changed since", "[sweep]") {
  const Sweep sweep(
      "[sweep.grid]\n\"relation.plugin\" = [\"logits_only\", \"ape\"]\n[[ablation]]\nname = \"q\"\n"
      "set.selector = { plugin = \"mixed\", q = 99 }\n");
  const std::filesystem::path plugin = sweep.folder() / "plugins/logits_only.so";
  std::filesystem::create_directories(plugin.parent_path());
  std::filesystem::copy_file(bad_plugins_folder() / "good/logits_only.so", plugin);
  const std::filesystem::path query = sweep.folder() / "query.npy";
  const auto told = [&](const std::vector<std::string>& arguments = {"--json"}) {
    const Outcome outcome =
        run_shell("TREFOIL_PLUGIN_PATH=" + shell_word(plugin.parent_path().string()) + " " + sweep.command(arguments));
    REQUIRE(outcome.json().at("jobs") == nlohmann::json{{"total", 4}, {"done", 2}, {"failed", 2}});
    return outcome.err;
  };
  const auto written = [&](std::size_t row) {
    return std::filesystem::last_write_time(results(sweep.sweep_dir())[row].at("directory") + "/status.json");
  };
  REQUIRE_THAT(told(), !ContainsSubstring("again: "));
  REQUIRE_THAT(told(), !ContainsSubstring("again: "));
  const auto kept = written(1);
  const auto failed = written(2);
  std::ofstream(plugin, std::ios::app) << "a newer build";  // what follows the end of a library does not matter to it
  REQUIRE_THAT(told({"--json", "--keep-done"}), !ContainsSubstring("again: "));
  REQUIRE_THAT(told(), ContainsSubstring("running 2 jobs again: " + plugin.string() + " has changed"));
  REQUIRE(written(1) == kept);
  REQUIRE(written(2) > failed);  // whatever it died of may be mended
  trefoil::formats::write_npy(query, trefoil::formats::open_array(query)->read_all().flip(1));
  REQUIRE_THAT(told(), ContainsSubstring("running 4 jobs again: " + query.string() + " has changed"));
  std::filesystem::remove(query);
  REQUIRE_THAT(told(), !ContainsSubstring("again: "));
}

TEST_CASE("a sweep that is killed leaves whole jobs only, and the next one does the others", "[sweep]") {
  const Sweep sweep(
      "[sweep.grid]\n\"selector\" = [{ plugin = \"random\", q = 8 }]\nseed = { from = 1, to = 400, count = 400 }\n");
  const std::string jobs = shell_word(sweep.runs().string()) + "/small/sweep-*/jobs/*/summary.json";
  run_shell(sweep.command({}) + " & runner=$!; until ls " + jobs +
            " >/dev/null 2>&1; do kill -0 $runner || exit; sleep 0.02; done; kill -KILL $runner");
  const std::size_t before = sweep.jobs_done();
  REQUIRE(before < 400);
  succeeded(sweep.run({"--json"}));
  REQUIRE(sweep.jobs_done() == 400);
  for (const auto& entry : std::filesystem::directory_iterator(sweep.sweep_dir() / "jobs"))
    REQUIRE(entry.path().extension() != ".claim");
}

TEST_CASE("sweeps that run at once in one folder, and processes of one, share the jobs", "[sweep]") {
  const Sweep sweep(
      "[sweep.grid]\n\"selector\" = [{ plugin = \"random\", q = 8 }]\nseed = { from = 1, to = 60, count = 60 }\n");
  Outcome other;
  std::thread thread([&] { other = sweep.run({"--json", "--threads", "1"}); });
  const Outcome one = sweep.run({"--json", "--jobs", "2"});
  thread.join();
  REQUIRE(one.exit_code == 0);
  REQUIRE(other.exit_code == 0);
  REQUIRE(sweep.jobs_done() == 60);
  // Each was run once: its log begins once.
  std::size_t begun = 0;
  for (const auto& row : results(sweep.sweep_dir())) {
    std::istringstream log(read(row.at("directory") + "/log.txt"));
    for (std::string line; std::getline(log, line);)
      begun += line.find("support images (") != std::string::npos ? 1 : 0;
  }
  REQUIRE(begun == 60);
}

TEST_CASE("failed jobs are told, stay failed, and run again when asked to", "[sweep]") {
  const Sweep sweep(
      "[sweep.grid]\n\"selector\" = [{ plugin = \"mixed\", q = 10 }, { plugin = \"mixed\", q = 99 }]\nseed = [1, 2]\n");
  const Outcome outcome = sweep.run({"--json"});
  REQUIRE(outcome.exit_code == 1);
  REQUIRE_THAT(outcome.err,
               ContainsSubstring("features have only D = 32 channels") && ContainsSubstring("2 of 4 jobs failed"));
  REQUIRE(sweep.jobs_done() == 2);
  std::multiset<std::string> states;
  for (const auto& row : results(sweep.sweep_dir())) states.insert(row.at("status"));
  REQUIRE(states == std::multiset<std::string>{"done", "done", "failed", "failed"});
  const Outcome again = sweep.run();
  REQUIRE(again.exit_code == 1);
  REQUIRE_THAT(again.err, !ContainsSubstring("channels"));  // it was not tried
  REQUIRE_THAT(sweep.run({"--retry-failed"}).err, ContainsSubstring("channels"));
  const Sweep fast("[sweep.grid]\n\"selector\" = [{ plugin = \"mixed\", q = 99 }, { plugin = \"mixed\", q = 10 }]\n");
  REQUIRE(fast.run({"--fail-fast"}).exit_code == 1);
  REQUIRE(fast.jobs_done() == 0);
}

TEST_CASE("processes of one sweep keep to its conditions, and try failed jobs once", "[sweep]") {
  const Sweep sweep(
      "[sweep.grid]\n\"selector\" = [{ plugin = \"mixed\", q = 99 }, { plugin = \"mixed\", q = 10 }]\n"
      "seed = { from = 1, to = 10, count = 10 }\n");
  succeeded(sweep.run({"--json", "--jobs", "2", "--only", "selector.q=10", "--only", "seed=3"}));
  REQUIRE(sweep.jobs_done() == 1);
  const auto failed = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = sweep.run(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 1);
    return outcome.json().at("jobs");
  };
  REQUIRE(failed({"--json", "--jobs", "2"}) == nlohmann::json{{"total", 20}, {"done", 10}, {"failed", 10}});
  REQUIRE(failed({"--json", "--jobs", "2", "--retry-failed"}).at("failed") == 10);
}

TEST_CASE("one job of a plan runs by its number", "[sweep]") {
  const Sweep sweep(kSweepGrid);
  REQUIRE(succeeded(sweep.run({"--json", "--plan-only"})).at("jobs").size() == 24);
  REQUIRE_FALSE(std::filesystem::exists(sweep.sweep_dir() / "jobs"));
  const std::string plan = (sweep.sweep_dir() / "plan.csv").string();
  const auto json = succeeded(run_runner({"job", "--plan", plan, "--index", "6", "--json"}));
  REQUIRE(json.at("state") == "done");
  REQUIRE(json.at("index") == 6);
  REQUIRE(json.at("metrics").contains("test.top1"));
  REQUIRE(sweep.jobs_done() == 1);
  const Outcome none = run_runner({"job", "--plan", plan, "--index", "24", "--json"});
  REQUIRE(none.exit_code == 4);
  REQUIRE_THAT(none.err, ContainsSubstring("there is no job 24; the last one is 23"));
  const auto rest = succeeded(run_runner({"job", "--plan", plan, "--json"}));
  REQUIRE(rest.at("done") == 24);
}

TEST_CASE("damaged results are made again, and a damaged plan is refused", "[sweep]") {
  const Sweep sweep("[sweep.grid]\n\"relation.alpha\" = [1, 2, 3]\n");
  succeeded(sweep.run({"--json"}));
  const std::string results = read(sweep.sweep_dir() / "results.csv");
  std::vector<std::filesystem::path> jobs;
  for (const auto& entry : std::filesystem::directory_iterator(sweep.sweep_dir() / "jobs"))
    jobs.push_back(entry.path());
  const auto overwrite = [](const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
  };
  const auto cut = [&](const std::filesystem::path& file) {
    overwrite(file, read(file).substr(0, read(file).size() / 2));
  };
  overwrite(jobs.at(0) / "summary.json", with_flipped_bit(read(jobs.at(0) / "summary.json"), 1000));
  cut(jobs.at(1) / "metrics.jsonl");
  overwrite(jobs.at(2) / "config.toml", "");
  const auto again = succeeded(sweep.run({"--json"}));
  REQUIRE(again.at("jobs").at("done") == 3);
  const auto without_times = [](const std::string& csv) { return csv.substr(0, csv.find('\n')); };
  REQUIRE(without_times(read(sweep.sweep_dir() / "results.csv")) == without_times(results));
  for (const auto& job : jobs) REQUIRE_FALSE(read(job / "config.toml").empty());

  const auto plan = sweep.sweep_dir() / "plan.csv";
  const std::string whole = read(plan);
  overwrite(plan, whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1));
  const Outcome refused = run_runner({"job", "--plan", plan.string(), "--index", "0"});
  REQUIRE(refused.exit_code == 4);
  REQUIRE_THAT(refused.err, ContainsSubstring("plan.csv: its content has changed"));
  REQUIRE(run_runner({"report", sweep.sweep_dir().string()}).exit_code == 4);
  succeeded(sweep.run({"--json", "--plan-only"}));
  REQUIRE(read(plan) == whole);
}

TEST_CASE("an ablation is compared with the file as it is", "[sweep]") {
  const Sweep sweep(
      "[search]\nfixed = [\"relation.beta\"]\n[sweep.grid]\nseed = [1, 2]\n"
      "[[ablation]]\nname = \"no γ\"\nset.\"relation.gamma\" = 0\n"
      "[[ablation]]\nname = \"zero-shot\"\nset.relation = { plugin = \"zero_shot\" }\n");
  const auto json = succeeded(sweep.run({"--json"}));
  REQUIRE(json.at("jobs").at("done") == 6);
  const auto table = results(sweep.sweep_dir());
  REQUIRE(table[0].at("variant") == "base");
  REQUIRE(table[2].at("variant") == "no γ");
  REQUIRE(std::stod(table[2].at("chosen.relation.gamma")) == 0);  // though γ has a range that is searched
  REQUIRE_THAT(read(sweep.sweep_dir() / "report.html"), ContainsSubstring("no γ"));
  // A job is its resolved file, also where the plugin that `fixed` speaks of is gone.
  const auto resolved = [&](std::size_t row) {
    return read(std::filesystem::path(table[row].at("directory")) / "config.toml");
  };
  REQUIRE_THAT(resolved(0), ContainsSubstring("fixed = [\"relation.beta\"]"));
  REQUIRE_THAT(resolved(4), ContainsSubstring("fixed = []"));
}

TEST_CASE("runs of any kind are compared on request", "[sweep]") {
  const Sweep sweep("");
  std::vector<std::string> arguments = {"report"};
  for (const char* beta : {"relation.beta=1", "relation.beta=4"})
    arguments.push_back(succeeded(sweep.run({"--json", "--set", beta})).at("run_dir"));
  arguments.insert(arguments.end(), {"--out", (sweep.folder() / "both").string(), "--json"});
  const auto json = succeeded(run_runner(arguments));
  REQUIRE(json.at("runs") == 2);
  REQUIRE_THAT(read(sweep.folder() / "both/results.csv"), ContainsSubstring("relation.beta"));
}

TEST_CASE("a sweep is reported again from any folder, without jobs whose results are gone", "[sweep]") {
  const Sweep sweep("[sweep.grid]\nseed = [1, 2]\n");
  succeeded(sweep.run({"--json"}));
  const std::string csv = read(sweep.sweep_dir() / "results.csv");
  const std::string report = "cd " + shell_word(sweep.runs().string()) + " && " + shell_word(runner_program()) +
                             " report small/" + shell_word(sweep.sweep_dir().filename().string()) + " --json";
  REQUIRE(succeeded(run_shell(report)).at("runs") == 2);
  REQUIRE(read(sweep.sweep_dir() / "results.csv") == csv);
  std::filesystem::remove(results(sweep.sweep_dir())[0].at("directory") + "/summary.json");
  REQUIRE(succeeded(run_shell(report)).at("runs") == 1);
  REQUIRE(succeeded(sweep.run({"--json"})).at("jobs").at("done") == 2);
}

TEST_CASE("a parameter of a head in a list is swept by its number", "[sweep]") {
  const Sweep sweep(
      "[[head]]\nplugin = \"residual\"\nepochs = 2\n[[head]]\nplugin = \"whitened\"\n"
      "[sweep.grid]\n\"head.2.lambda\" = [0.1, 1]\n");
  const Outcome overridden = sweep.run({"--set", "head.2.lambda=2"});
  REQUIRE(overridden.exit_code == 2);
  REQUIRE_THAT(overridden.err, ContainsSubstring("'head.2.lambda' is swept"));
  succeeded(sweep.run({"--json"}));
  const auto rows = results(sweep.sweep_dir());
  REQUIRE(rows.size() == 2);
  REQUIRE(rows[0].at("head.2.lambda") == "0.1");
  REQUIRE(rows[1].at("head.2.lambda") == "1");
}

TEST_CASE("one damaged result does not hide the others", "[sweep]") {
  const Sweep sweep("[sweep.grid]\n\"relation.beta\" = [1, 2, 3]\n");
  succeeded(sweep.run({"--json"}));
  const std::filesystem::path job = results(sweep.sweep_dir())[0].at("directory");
  const std::string summary = read(job / "summary.json");
  std::ofstream(job / "summary.json", std::ios::trunc)
      << with_flipped_bit(summary, 8 * summary.find("test.top1\": ") + 96);
  const auto json = succeeded(run_runner({"report", sweep.sweep_dir().string(), "--json"}));
  REQUIRE(json.at("runs") == 3);
  const auto rows = results(sweep.sweep_dir());
  REQUIRE(rows[0].at("status") == "damaged");
  REQUIRE_THAT(rows[0].at("error"), ContainsSubstring("summary.json: its content has changed"));
  REQUIRE(rows[2].at("status") == "done");
  REQUIRE(succeeded(sweep.run({"--json"})).at("jobs").at("done") == 3);
  REQUIRE(results(sweep.sweep_dir())[0].at("status") == "done");
}

TEST_CASE("a seed that changes nothing is reported on the terminal", "[sweep]") {
  const Sweep sweep("[sweep.grid]\nseed = [1, 2]\n");
  REQUIRE_THAT(sweep.run().err, ContainsSubstring("warning the seed changes nothing"));
  REQUIRE_THAT(read(sweep.sweep_dir() / "results.md"), !ContainsSubstring("± 0.00"));
}

TEST_CASE("what is wrong with a sweep ends it before the first job", "[sweep]") {
  const auto refused = [](const std::string& sections, const std::vector<std::string>& arguments,
                          const std::string& words) {
    const Sweep sweep(sections);
    const Outcome outcome = sweep.run(arguments);
    CAPTURE(sections, outcome.err);
    REQUIRE(outcome.exit_code == 2);
    REQUIRE_THAT(outcome.err, ContainsSubstring(words));
    REQUIRE_FALSE(std::filesystem::exists(sweep.runs()));
  };
  refused("[sweep.grid]\n\"relation.bta\" = [1]\n", {}, "did you mean 'beta'?");
  refused("[sweep.grid]\n\"relation.beta\" = [1, -1]\n", {}, "sweep.toml");
  refused("[search]\n\"relation.beta\" = [1, 2]\n[sweep.grid]\n\"relation.beta\" = [1, 2]\n", {},
          "is both fixed and searched");
  refused("[[ablation]]\nname = \"same\"\nset.\"relation.beta\" = 4.0\n", {}, "is the same experiment as 'base'");
  refused("[[ablation]]\nname = \"empty\"\nset = {}\n", {}, "with at least one change");
  refused("[sweep.grid]\n\"relation.beta\" = [1]\nrelation = [{ plugin = \"tip\" }]\n", {},
          "and 'relation.beta' is swept too");
  refused(kSweepGrid, {"--only", "seed=3"}, "leaves no job");
  refused(kSweepGrid, {"--set", "relation.alpha=3"}, "'relation.alpha' is swept");
  refused("", {"--only", "seed=3"}, "has no [sweep]");
  refused("", {"--launcher", "slurm"}, "has no [sweep]");
}

TEST_CASE("results compare runs by the settings that the sweep sets", "[sweep]") {
  const Sweep sweep("[sweep.grid]\nhead = [{ plugin = \"none\" }, { plugin = \"gda\", alpha = 0.1 }]\nseed = [1, 2]\n");
  REQUIRE(sweep.run().exit_code == 0);
  const std::filesystem::path axes = sweep.sweep_dir() / "axes.json";
  REQUIRE(nlohmann::json::parse(read(axes)).at("keys") == nlohmann::json({"head.alpha", "head.plugin", "seed"}));
  const std::string known = read(sweep.sweep_dir() / "results.csv");
  const auto report = [&] {
    return run_runner({"report", sweep.sweep_dir().string(), "--out", sweep.sweep_dir().string()});
  };
  REQUIRE(report().exit_code == 0);
  REQUIRE(read(sweep.sweep_dir() / "results.csv") == known);
  std::ofstream{axes} << "{\"keys\": [1]}";
  REQUIRE(report().exit_code == 4);
  std::filesystem::remove(axes);  // as planned by an earlier version: the axes are guessed
  REQUIRE(report().exit_code == 0);
  REQUIRE(read(sweep.sweep_dir() / "results.csv") == known);
}
