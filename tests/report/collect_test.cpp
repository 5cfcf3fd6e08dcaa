#include "report/collect.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "base/machine.h"
#include "report/made_runs.h"
#include "report/run_state.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::report;

namespace {

constexpr const char* kConfig = R"(
name = "small"
seed = 7

[selector]
plugin = "mixed"
q = 256

[relation]
alpha = 4.0

[search]
objective = "loo"
"relation.beta" = [1.0, 2.0]
)";

constexpr const char* kSummary = R"({
  "metrics": {"test.top1": 91.5, "test.top1.CARS": 80.25, "test.per_class": null},
  "chosen": {"relation.beta": 2.0},
  "seconds": {"total": 1.5},
  "warnings": ["mind the gap"],
  "collapse": {"support": {"before": {"nc1_within": 0.5, "classes": 3}, "after": {"nc1_within": 0.25, "classes": 3}}}
})";

}  // namespace

TEST_CASE("a run directory is read", "[results]") {
  const TemporaryFolder folder;
  const auto directory = write_run(folder, "a", kConfig, kSummary);
  folder.write("a/report.html", "");
  const Run run = collect({directory}, {{directory, "without γ"}}).at(0);
  REQUIRE(run.done());
  REQUIRE(run.variant == "without γ");
  REQUIRE(run.setting("seed") == "7");
  REQUIRE(run.setting("selector.plugin") == "\"mixed\"");
  REQUIRE(run.setting("selector.q") == "256");
  REQUIRE(run.setting("relation.alpha") == "4.0");
  REQUIRE(run.setting("search.\"relation.beta\"") == "[1.0, 2.0]");
  REQUIRE(run.setting("relation.beta").empty());
  REQUIRE(run.metrics == std::map<std::string, double>{{"test.top1", 91.5}, {"test.top1.CARS", 80.25}});
  REQUIRE(run.chosen.at("relation.beta") == "2.0");
  REQUIRE(run.seconds.at("total") == 1.5);
  REQUIRE(run.warnings == std::vector<std::string>{"mind the gap"});
  REQUIRE(run.page == "report.html");
  REQUIRE(run.provenance.command_line == std::vector<std::string>{"runner", "a b.toml"});
  REQUIRE(run.collapse.size() == 1);
  REQUIRE(run.collapse[0].name == "support nc1_within");
  REQUIRE(run.collapse[0].before == 0.5);
  REQUIRE(run.collapse[0].after == 0.25);
}

TEST_CASE("runs stay in the order given", "[results]") {
  const TemporaryFolder folder;
  const auto b = write_run(folder, "b", kConfig, kSummary);
  const auto a = write_run(folder, "a", kConfig, kSummary);
  const std::vector<Run> runs = collect({b, a});
  REQUIRE(runs.at(0).directory == b);
  REQUIRE(runs.at(1).directory == a);
}

TEST_CASE("a failed run needs no more than its status", "[results]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "bare");
  folder.write("bare/status.json", R"({"state": "failed", "error": "the disk is full"})");
  folder.write("bare/log.txt", "");
  const auto half = write_run(folder, "half", kConfig, "{ half a summ");
  folder.write("half/status.json", R"({"state": "interrupted"})");
  const std::vector<Run> runs = collect({folder / "bare", half});
  REQUIRE(runs.at(0).status == "failed");
  REQUIRE(runs.at(0).error == "the disk is full");
  REQUIRE(runs.at(0).settings.empty());
  REQUIRE(runs.at(0).page == "log.txt");
  REQUIRE(runs.at(1).status == "interrupted");
  REQUIRE(runs.at(1).setting("selector.q") == "256");
  REQUIRE(runs.at(1).metrics.empty());
}

TEST_CASE("what is no run directory is refused", "[results]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_AS(collect({folder.path()}), trefoil::DataError);
  REQUIRE_THROWS_WITH(collect({folder.path()}),
                      ContainsSubstring(folder.path().string()) && ContainsSubstring("not a run directory"));
}

TEST_CASE("a damaged run is named and does not hide the others", "[results]") {
  const TemporaryFolder folder;
  const auto whole = write_run(folder, "whole", kConfig, kSummary);
  const auto unreadable = write_run(folder, "unreadable", kConfig, "{ half a summ");
  const auto other = write_run(folder, "other", kConfig, R"({"something": "else"})");
  const auto missing = write_run(folder, "missing", kConfig, kSummary);
  std::filesystem::remove(missing / "summary.json");
  const auto config = write_run(folder, "config", "seed = = 1", kSummary);
  const auto status = write_run(folder, "status", kConfig, kSummary);
  folder.write("status/status.json", "[]");
  const auto inside = write_run(folder, "inside", kConfig, kSummary);
  std::filesystem::remove(inside / "status.json");
  std::filesystem::create_directory(inside / "status.json");
  // Values are printed by recursion, so that these brackets would overflow the stack.
  const auto deep = write_run(folder, "deep", kConfig,
                              R"({"metrics": {}, "seconds": {}, "warnings": [], "chosen": {"relation.beta": )" +
                                  std::string(1000000, '[') + std::string(1000000, ']') + "}}");
  const auto huge = write_run(folder, "huge", kConfig,
                              R"({"metrics": {"test.top1": 1e308}, "seconds": {}, "warnings": [], "chosen": {}})");
  const std::vector<Run> runs = collect({whole, unreadable, other, missing, config, status, inside, deep, huge});
  REQUIRE(runs[0].done());
  const std::vector<std::string> files = {"unreadable/summary.json", "other/summary.json", "missing/summary.json",
                                          "config/config.toml",      "status/status.json", "inside/status.json",
                                          "deep/summary.json",       "huge/summary.json"};
  for (std::size_t i = 0; i < files.size(); ++i) {
    CAPTURE(files[i]);
    REQUIRE(runs[i + 1].status == "damaged");
    REQUIRE_THAT(runs[i + 1].error, ContainsSubstring(files[i]));
    REQUIRE(runs[i + 1].metrics.empty());
  }
  REQUIRE(runs[1].setting("selector.q") == "256");
}

TEST_CASE("a run is damaged when one bit of a file has changed, or when its checksums are gone", "[results]") {
  const TemporaryFolder folder;
  const auto run = write_run(folder, "run", kConfig, kSummary);
  for (const char* name : {"config.toml", "summary.json", "provenance.json", "result.txt", "ranks.txt", "SHA256SUMS"}) {
    const std::string whole = read(run / name);
    for (std::size_t bit = 0; bit < 8 * whole.size(); bit += 13) {
      folder.write(std::string("run/") + name, with_flipped_bit(whole, bit));
      CAPTURE(name, bit);
      const Run found = collect({run}).front();
      REQUIRE(found.status == "damaged");
      REQUIRE_THAT(found.error, ContainsSubstring("; run it again"));
      REQUIRE(found.metrics.empty());
    }
    folder.write(std::string("run/") + name, whole);
  }
  REQUIRE(collect({run}).front().done());
  std::filesystem::remove(run / "SHA256SUMS");
  REQUIRE(collect({run}).front().status == "damaged");
}

TEST_CASE("a run that was killed is not running", "[results]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "a");
  const auto state = [&](int process, const std::string& host, const std::string& updated) {
    folder.write("a/status.json",
                 nlohmann::json{{"state", "running"}, {"pid", process}, {"host", host}, {"updated", updated}}.dump());
    return read_run_state(folder / "a").status;
  };
  const std::string here = trefoil::base::host_name();
  const std::string now = trefoil::base::utc_time();
  constexpr int kNobody = 2147483646;  // above the largest number of a process
  REQUIRE(state(::getpid(), here, now) == "running");
  REQUIRE(state(kNobody, here, now) == "killed");
  REQUIRE(state(kNobody, "another-host", now) == "running");
  REQUIRE(state(kNobody, "another-host", "2020-01-01T00:00:00Z") == "killed");
  REQUIRE(state(::getpid(), here, "2020-01-01T00:00:00Z") == "running");  // it may be stopped
}
