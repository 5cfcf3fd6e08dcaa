// Sweeps over named methods and data sets, and their tables.
#include <fstream>
#include <sstream>

#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

// A benchmark of two data sets, of which the second comes later, and two methods.
class Benchmark {
 public:
  Benchmark() {
    std::filesystem::create_directory(folder_ / "first");
    write_small_experiment(folder_ / "first");
    folder_.write("sweep.toml", R"(name = "benchmark"
[report]
rows    = "method"
columns = "data.shots"
[sweep.grid]
"data.shots" = [1, 2]
seed         = [1, 2]
[[sweep.axis.dataset]]
name = "First"
file = "first/experiment.toml"
[[sweep.axis.dataset]]
name     = "Second"
file     = "second.toml"
optional = true
[[sweep.axis.method]]
name = "zero-shot"
set  = { selector = { plugin = "none" }, relation = { plugin = "zero_shot" }, head = { plugin = "none" } }
[[sweep.axis.method]]
name = "Tip"
set  = { selector = { plugin = "none" }, relation = { plugin = "tip" }, data.choose = "random" }
)");
    const std::string first = read(folder_ / "first/experiment.toml");
    const std::size_t keys = first.find("[data]\n") + 7;
    folder_.write("second.toml", first.substr(0, keys) + "root = \"second\"\n" + first.substr(keys));
  }

  Outcome run(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {(folder_ / "sweep.toml").string(), "--out", (folder_ / "runs").string()});
    return run_runner(arguments);
  }

  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a data set that does not exist is left out, and its jobs run when it is there", "[sweep]") {
  const Benchmark benchmark;
  const Outcome first = benchmark.run();
  CAPTURE(first.err);
  REQUIRE(first.exit_code == 0);
  REQUIRE_THAT(first.err, ContainsSubstring("dataset=Second is left out, because"));
  REQUIRE_THAT(first.out, ContainsSubstring("8 of 8 done"));
  REQUIRE_THAT(first.out, ContainsSubstring("top-1 in percent, by shots:"));

  std::filesystem::copy(benchmark.folder() / "first", benchmark.folder() / "second");
  const auto json = succeeded(benchmark.run({"--json"}));
  REQUIRE(json.at("jobs").at("total") == 16);
  const std::filesystem::path folder = json.at("sweep_dir").get<std::string>();
  REQUIRE_THAT(first.out, ContainsSubstring(folder.string()));  // the same sweep goes on
  REQUIRE_THAT(read(folder / "pivot.csv"), ContainsSubstring("block,method,1,1 ±,2,2 ±\nFirst,zero-shot,"));
  REQUIRE_THAT(read(folder / "results.md"), ContainsSubstring("### average"));
  REQUIRE_THAT(read(folder / "results.md"), ContainsSubstring("## Differences from "));
  REQUIRE_THAT(read(folder / "pivot.tex"), ContainsSubstring("\\end{tabular}"));
  REQUIRE_THAT(read(folder / "figures/accuracy.svg"), ContainsSubstring("</svg>"));
  REQUIRE(std::filesystem::exists(folder / "figures/accuracy-Second.svg"));
  REQUIRE(std::filesystem::exists(folder / "differences.csv"));
}

TEST_CASE("a part of a benchmark has a table too, and the layout can be changed afterwards", "[sweep]") {
  const Benchmark benchmark;
  const auto json = succeeded(benchmark.run({"--json", "--only", "data.shots=1"}));
  REQUIRE(json.at("jobs").at("total") == 4);
  const std::filesystem::path folder = json.at("sweep_dir").get<std::string>();
  succeeded(benchmark.run({"--json"}));
  const Outcome changed = run_runner({"report", folder.string(), "--columns", "method", "--baseline", "2"});
  CAPTURE(changed.err);
  REQUIRE(changed.exit_code == 0);
  REQUIRE_THAT(read(folder / "pivot.csv"), ContainsSubstring("zero-shot,zero-shot ±,Tip,Tip ±\n"));
  require_refused(run_runner({"report", folder.string(), "--columns", "data.shot"}), "did you mean 'data.shots'?");
}

TEST_CASE("a sweep ends before its first job when nothing can run, or when [report] has a mistake", "[sweep]") {
  const Benchmark benchmark;
  const Outcome none = benchmark.run({"--only", "dataset=Second"});
  REQUIRE(none.exit_code == 4);
  REQUIRE_THAT(none.err, ContainsSubstring("there is no data for any job"));
  require_refused(benchmark.run({"--set", "report.rows=metod"}), "did you mean 'method'?");
  require_refused(benchmark.run({"--set", "report.row=method"}), "did you mean 'rows'?");
  REQUIRE(benchmark.run({"--set", "report.reference=none.csv"}).exit_code == 4);
  REQUIRE_FALSE(std::filesystem::exists(benchmark.folder() / "runs/benchmark"));
}

TEST_CASE("ranks.txt says where the right class of each query is", "[sweep]") {
  const Benchmark benchmark;
  const auto json = succeeded(benchmark.run({"--json", "--only", "method=Tip", "--only", "data.shots=2"}));
  for (const auto& job : std::filesystem::directory_iterator(json.at("sweep_dir").get<std::string>() + "/jobs")) {
    if (!job.is_directory()) continue;
    const std::string ranks = read(job.path() / "ranks.txt");
    const auto summary = nlohmann::json::parse(read(job.path() / "summary.json"));
    REQUIRE(line_count(ranks) == line_count(read(job.path() / "result.txt")));
    std::istringstream lines(ranks);
    double correct = 0;
    for (std::string line; std::getline(lines, line);) correct += line == "1" ? 1 : 0;
    REQUIRE(summary.at("metrics").at("test.top1").get<double>() ==
            Approx(100 * correct / static_cast<double>(line_count(ranks))));
  }
}
