// Mistakes in files and on the command line: exit code 2, everything named at once.
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

TEST_CASE("a mistyped key shows its line, a caret and a suggestion", "[configuration]") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("x.toml", "extends = \"experiment.toml\"\n[relation]\nplugin = \"ape\"\nalhpa  = 2.0\n");
  write_small_experiment(folder.path());
  const Outcome outcome = run_runner({file.string()});
  require_refused(
      outcome,
      file.string() +
          ":4:1: error: unknown key 'alhpa' in [relation]\n  4 | alhpa  = 2.0\n    | ^\n  did you mean 'alpha'?");
}

TEST_CASE("q beyond D is an error that names D, at its place", "[configuration]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path()).string();
  const std::string runs = (folder / "runs").string();
  const Outcome outcome =
      run_runner({file, "--out", runs, "--set", "selector.plugin=variance", "--set", "selector.q=33"});
  require_refused(outcome,
                  "--set selector.q=33: error: 'selector.q' is 33, but the features have only D = 32 channels");
}

TEST_CASE("names with control characters and endless keys are refused", "[configuration]") {
  const TemporaryFolder folder;
  const std::string file = write_small_experiment(folder.path()).string();
  require_refused(run_runner({file, "--dry-run", "--set", "name=\"a\\nb\""}),
                  "use a name in UTF-8 without '/', without a leading '.', and without control");
  const auto nul = folder.write("nul.toml", "extends = \"experiment.toml\"\nname = \"a\\u0000b\"\n");
  require_refused(run_runner({nul.string(), "--dry-run"}),
                  "nul.toml:2:8: error: a text must not have the character U+0000");
  std::string key = "a";
  for (int i = 0; i < 20000; ++i) key += ".a";
  const auto deep = folder.write("deep.toml", key + " = 1\n");
  require_refused(run_runner({deep.string(), "--dry-run"}), "deep.toml:1:1: error: the line has more than 1,000 dots");
  require_refused(run_runner({file, "--dry-run", "--set", key + "=1"}), "the key has more than 65 parts");
}

TEST_CASE("wrong usage", "[configuration]") {
  require_refused(run_runner({}), "");
  require_refused(run_runner({"/nowhere/x.toml"}), "/nowhere/x.toml");
  require_refused(run_runner({"x.toml", "--thread", "2"}), "--thread");
  require_refused(run_runner({"x.toml", "--threads", "0"}), "--threads");
  require_refused(run_runner({"x.toml", "--device", "tpu"}), "tpu");
  require_refused(run_runner({"plugins", "mixed"}), "write KIND/NAME");
  require_refused(run_runner({"--json", "plugins"}), "write it after 'plugins'");
}

TEST_CASE("an error keeps its exit code when nobody can read it, and a lost result is an error", "[configuration]") {
  REQUIRE(run_shell(shell_word(runner_program()) + " /nowhere/x.toml 2> /dev/full").exit_code == 2);
  REQUIRE(run_shell(shell_word(runner_program()) + " plugins > /dev/full").exit_code == 1);
}

TEST_CASE("errors are JSON too when JSON is asked for", "[configuration]") {
  const Outcome outcome = run_runner({"/nowhere/x.toml", "--json"});
  REQUIRE(outcome.exit_code == 2);
  REQUIRE(outcome.json().at("exit_code") == 2);
  REQUIRE_THAT(outcome.json().at("error").get<std::string>(), ContainsSubstring("/nowhere/x.toml"));
}

TEST_CASE("wrong usage is JSON too when JSON is asked for", "[configuration]") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"x.toml", "--thread", "2", "--json"}, {"predict", "--json"}, {"--json", "plugins"}}) {
    const Outcome outcome = run_runner(arguments);
    CAPTURE(outcome.out, outcome.err);
    REQUIRE(outcome.exit_code == 2);
    REQUIRE(outcome.json().at("exit_code") == 2);
    REQUIRE_FALSE(outcome.json().at("error").get<std::string>().empty());
    REQUIRE_FALSE(outcome.err.empty());
  }
}

TEST_CASE("a run in a folder whose name is not UTF-8 is refused before it writes anything", "[configuration]") {
  const TemporaryFolder folder;
  const auto data = folder /
                    "donn\xe9"
                    "es";
  std::filesystem::create_directory(data);
  const auto file = write_small_experiment(data).string();
  require_refused(run_runner({file, "--out", (folder / "runs").string()}), "is not UTF-8");
  REQUIRE_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("a working directory that was removed is named", "[configuration]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path()).string();
  std::filesystem::create_directory(folder / "gone");
  const Outcome outcome = run_shell("cd " + shell_word((folder / "gone").string()) + " && rmdir ../gone && " +
                                    shell_word(runner_program()) + " " + shell_word(file) + " --out /nowhere");
  REQUIRE(outcome.exit_code == 1);
  REQUIRE_THAT(outcome.err, ContainsSubstring("the working directory does not exist any more"));
}

TEST_CASE("a dry run checks and runs nothing", "[configuration]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path()).string();
  const Outcome outcome = run_runner({file, "--out", (folder / "runs").string(), "--dry-run"});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.out, ContainsSubstring("relation ape"));
  REQUIRE_FALSE(std::filesystem::exists(folder / "runs"));
  require_refused(run_runner({file, "--dry-run", "--set", "selector.lambda=1"}), "unknown key 'lambda'");
}
