// runner show, runner plugins, --help.
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

TEST_CASE("show prints every value and its origin", "[commands]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path()).string();
  const Outcome outcome = run_runner({"show", file, "--set", "relation.beta=2"});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.out, ContainsSubstring("# " + file + ":1:8") && ContainsSubstring("# --set relation.beta=2") &&
                                ContainsSubstring("# default"));
  // The output is an experiment file itself.
  REQUIRE(run_runner({"show", folder.write("again.toml", outcome.out).string()}).exit_code == 0);
  const auto settings = run_runner({"show", file, "--json"}).json().at("settings");
  REQUIRE(settings.at("relation.beta").at("value") == 4.0);
  REQUIRE(settings.at("relation.beta").at("origin") == "default");
}

TEST_CASE("a stranger's experiment can be read without its plugins, and with one's own", "[commands]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const std::string plugins = (bad_plugins_folder() / "misbehaving").string();
  const std::string file =
      folder.write("x.toml", "extends = \"experiment.toml\"\nplugin_path = [\"" + plugins + "\"]\n").string();
  REQUIRE(run_runner({"show", file, "--set", "selector.plugin=misbehaving", "--set", "selector.q=3"}).exit_code == 0);
  for (const char* command : {"show", "--dry-run"}) {
    const Outcome outcome = run_runner(
        {command, file, "--no-plugin-path", "--set", "selector.plugin=misbehaving", "--set", "selector.q=3"});
    CAPTURE(command, outcome.err);
    REQUIRE(outcome.exit_code == 3);
    REQUIRE_THAT(outcome.err, !ContainsSubstring(plugins));
    REQUIRE(run_runner({command, file, "--no-plugin-path"}).exit_code == 0);
  }
  REQUIRE(run_runner({"show", (folder / "experiment.toml").string(), "--plugin-path", plugins, "--set",
                      "selector.plugin=misbehaving", "--set", "selector.q=3"})
              .exit_code == 0);
}

TEST_CASE("no library is taken from the working directory", "[commands]") {
  const TemporaryFolder folder;
  const std::string runner = shell_word(runner_program());
  const Outcome outcome =
      run_shell("cd " + shell_word(folder.path().string()) + " && for library in $(ldd " + runner +
                " | awk '/=>/ { print $1 }'); do echo no library > $library; done && ls | wc -l && " + runner +
                " plugins selector/mixed");
  CAPTURE(outcome.out, outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(std::stoi(outcome.out) > 5);
}

TEST_CASE("plugins lists the built-ins, and details one", "[commands]") {
  const Outcome list = run_runner({"plugins"});
  REQUIRE(list.exit_code == 0);
  for (const char* name : {"selector/random", "selector/similarity", "selector/variance", "selector/mixed",
                           "relation/zero_shot", "relation/tip", "relation/ape", "head/residual"}) {
    REQUIRE_THAT(list.out, ContainsSubstring(name));
  }
  const Outcome mixed = run_runner({"plugins", "selector/mixed"});
  REQUIRE_THAT(mixed.out, ContainsSubstring("[selector]\nplugin = \"mixed\"") && ContainsSubstring("lambda = 0.5"));
  const auto json = run_runner({"plugins", "selector/mixed", "--json"}).json();
  REQUIRE(json.at("parameters").at(0).at("name") == "q");
  REQUIRE(json.at("parameters").at(0).at("required") == true);
  REQUIRE(run_runner({"plugins", "selector/mixd"}).exit_code == 3);
}

TEST_CASE("links to one plugin are one plugin, and a pipe is refused without being opened", "[commands]") {
  const auto listed = run_runner({"plugins", "--json"}).json();
  const std::string folder_of_plugins = listed.at("searched").at(0);
  const TemporaryFolder folder;
  std::filesystem::create_symlink(folder_of_plugins + "/selector_mixed.so", folder / "again.so");
  REQUIRE(run_shell("mkfifo " + shell_word((folder / "pipe.so").string())).exit_code == 0);
  const std::vector<std::string> environment = {"TREFOIL_PLUGIN_PATH=" + folder.path().string()};
  REQUIRE(run_runner({"plugins", "selector/mixed"}, environment).exit_code == 0);
  const auto again = run_runner({"plugins", "--json"}, environment).json();
  REQUIRE(again.at("plugins") == listed.at("plugins"));
  REQUIRE(again.at("refused").size() == 1);
  REQUIRE_THAT(again.at("refused")[0].at("reason").get<std::string>(), ContainsSubstring("not a regular file"));
}

TEST_CASE("the reference lists every key", "[commands]") {
  const std::string reference = read(source_folder().parent_path() / "experiments/REFERENCE.md");
  const auto list = run_runner({"plugins", "--json"}).json().at("plugins");
  for (const auto& plugin : list) {
    for (const auto& parameter : plugin.at("parameters")) {
      CAPTURE(plugin.at("name"));
      REQUIRE_THAT(reference, ContainsSubstring("`" + parameter.at("name").get<std::string>() + "`"));
    }
  }
  const TemporaryFolder folder;
  const std::string file = write_small_experiment(folder.path()).string();
  for (const std::string layout : {"features", "tip_cache", "folder", "track1", "coop"}) {
    const std::string table = "\n### layout = \"" + layout + "\"\n";
    REQUIRE_THAT(reference, ContainsSubstring(table));
  }
  const auto settings = run_runner({"show", file, "--set", "search.objective=loo", "--json"}).json().at("settings");
  for (const auto& setting : settings.items()) {
    if (setting.key().find('"') != std::string::npos) continue;  // the range of a searched parameter
    REQUIRE_THAT(reference, ContainsSubstring("`" + setting.key().substr(setting.key().rfind('.') + 1) + "`"));
  }
}

TEST_CASE("an encoder can be written and listed", "[commands]") {
  const Outcome outcome =
      run_runner({"plugins", "encoder/example"}, {"TREFOIL_PLUGIN_PATH=" + (bad_plugins_folder() / "good").string()});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.out, ContainsSubstring("Colours and letters"));
}

TEST_CASE("help and version succeed", "[commands]") {
  const Outcome help = run_runner({"--help"});
  REQUIRE(help.exit_code == 0);
  REQUIRE_THAT(help.out, ContainsSubstring("EXPERIMENT.toml") && ContainsSubstring("Exit codes"));
  REQUIRE(run_runner({"--version"}).out == "0.1.0\n");
}

TEST_CASE("completion follows the command line", "[commands]") {
  const auto completed = [](const std::string& words, int at) {
    return run_shell("bash -c " +
                     shell_word("source <(" + shell_word(runner_program()) + " completion bash); COMP_WORDS=(" + words +
                                "); COMP_CWORD=" + std::to_string(at) + "; _runner; echo \"${COMPREPLY[*]}\""))
        .out;
  };
  REQUIRE(completed("runner enc", 1) == "encode\n");
  REQUIRE(completed("runner --dev", 1) == "--device\n");
  REQUIRE(completed("runner --device ''", 2) == "cpu cuda\n");
  REQUIRE(completed("runner plugins check --s", 3) == "--set\n");
  REQUIRE(completed("runner sweep ''", 2) == "status cancel --help\n");
  REQUIRE(completed("runner --device = c", 3) == "cpu cuda\n");
  REQUIRE(completed("runner completion b", 2) == "bash\n");
  REQUIRE(completed("runner show /proc/cpuinf", 2) == "/proc/cpuinfo\n");
  const std::string zsh = run_runner({"completion", "zsh"}).out;
  REQUIRE_THAT(zsh, ContainsSubstring("#compdef runner") && ContainsSubstring("_runner_plugins_check()") &&
                        ContainsSubstring("'--device[Device to compute on]:TEXT:(cpu cuda)'"));
}

TEST_CASE("the manual page tells every command and option", "[commands]") {
  const std::string page = run_runner({"man"}).out;
  REQUIRE(page.rfind(".TH RUNNER 1", 0) == 0);
  REQUIRE_THAT(page, ContainsSubstring(".SS runner plugins check") && ContainsSubstring("\\fB\\-\\-fail\\-fast\\fR") &&
                         ContainsSubstring("130 interrupted"));
}
