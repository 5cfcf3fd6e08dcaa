// runner: few-shot experiments from TOML files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "commands.h"
#include "trefoil/version.h"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 run failed, 2 bad configuration or usage, 3 plugin refused or failed, 4 bad data, 130 "
    "interrupted.\n"
    "Plugins are looked for beside the runner, in TREFOIL_PLUGIN_PATH, and in the experiment's plugin_path.";

struct CommandLine {
  CLI::App app{"Few-shot image classification experiments, declared in TOML.", "runner"};
  runner::RunOptions run;
  runner::ShowOptions show;
  runner::PluginsOptions plugins;
  CLI::App* show_command = nullptr;
  CLI::App* plugins_command = nullptr;

  bool json() const { return run.json || show.json || plugins.json; }
};

const char* kSetHelp = "Set one value, for example --set selector.q=256; may be repeated";

void declare(CommandLine& line) {
  CLI::App& app = line.app;
  app.footer(kFooter);
  app.set_version_flag("--version", TREFOIL_VERSION);
  app.add_option("experiment", line.run.experiment, "Experiment file to run")->type_name("EXPERIMENT.toml");
  app.add_option("--set", line.run.overrides, kSetHelp)->type_name("K=V")->take_all()->allow_extra_args(false);
  app.add_option("--out", line.run.runs, "Folder in which run directories are made")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--device", line.run.device, "Where to compute")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--threads", line.run.threads, "Threads; results do not depend on their number (default: one a core)")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--json", line.run.json, "Print one JSON object on stdout at the end");
  app.add_flag("--dry-run", line.run.dry_run, "Check the experiment and its plugins, run nothing");

  line.show_command = app.add_subcommand("show", "Print an experiment with every default, and where each value is set");
  line.show_command->add_option("experiment", line.show.experiment, "Experiment file")
      ->required()
      ->type_name("EXPERIMENT.toml");
  line.show_command->add_option("--set", line.show.overrides, kSetHelp)
      ->type_name("K=V")
      ->take_all()
      ->allow_extra_args(false);
  line.show_command->add_flag("--json", line.show.json, "Print JSON");

  line.plugins_command = app.add_subcommand("plugins", "List the plugins, or show the parameters of one");
  line.plugins_command->add_option("plugin", line.plugins.plugin, "Which one, for example selector/mixed")
      ->type_name("KIND/NAME");
  line.plugins_command->add_flag("--json", line.plugins.json, "Print JSON");
  app.require_subcommand(0, 1);
}

void execute(CommandLine& line) {
  if (line.show_command->parsed()) {
    runner::show(line.show);
  } else if (line.plugins_command->parsed()) {
    runner::list_plugins(line.plugins);
  } else {
    runner::run(line.run);
  }
}

int report(const CommandLine& line, trefoil::ExitCode code, const std::string& message) {
  if (line.json()) {
    const nlohmann::ordered_json json = {{"error", message}, {"exit_code", static_cast<int>(code)}};
    fmt::print("{}\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  const bool located = code == trefoil::ExitCode::configuration;  // those messages say "error" themselves
  fmt::print(stderr, "{}{}\n", located ? "" : "error: ", message);
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  declare(line);
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return line.app.exit(error) == 0 ? 0 : static_cast<int>(trefoil::ExitCode::configuration);
  }
  if (line.run.experiment.empty() && line.app.get_subcommands().empty()) {
    fmt::print("{}", line.app.help());
    return static_cast<int>(trefoil::ExitCode::configuration);
  }
  line.run.command_line.assign(argv, argv + argc);
  try {
    execute(line);
    return 0;
  } catch (const trefoil::Error& error) {
    return report(line, error.code(), error.what());
  } catch (const std::exception& error) {
    return report(line, trefoil::ExitCode::failed, error.what());
  }
}
