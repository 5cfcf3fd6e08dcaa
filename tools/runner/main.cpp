// runner: few-shot experiments from TOML files.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "commands.h"
#include "json_line.h"
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
  runner::EncodeOptions encode;
  runner::PredictOptions predict;
  CLI::App* predict_command = nullptr;
  CLI::App* encode_command = nullptr;
  CLI::App* show_command = nullptr;
  CLI::App* plugins_command = nullptr;

  bool json() const { return run.json || show.json || plugins.json || encode.json || predict.json; }
};

const char* kSetHelp = "Set one value, for example --set selector.q=256; may be repeated";

void add_compute_options(CLI::App& app, std::string& device, int& threads) {
  app.add_option("--device", device, "Where to compute")->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
  app.add_option("--threads", threads, "Threads; results do not depend on their number (default: one a core)")
      ->check(CLI::Range(1, 1024));
}

void add_store_option(CLI::App& app, std::filesystem::path& store) {
  app.add_option("--store", store, "Folder of encoded features, which runs share")
      ->type_name("DIR")
      ->capture_default_str();
}

void add_set_option(CLI::App& app, std::vector<std::string>& values, const char* help) {
  app.add_option("--set", values, help)->type_name("K=V")->take_all()->allow_extra_args(false);
}

void add_bad_image_option(CLI::App& app, std::string& policy, const char* help) {
  app.add_option("--on-bad-image", policy, help)->check(CLI::IsMember({"fail", "skip"}))->capture_default_str();
}

void declare_encode(CLI::App& app, runner::EncodeOptions& options) {
  app.add_option("--plugin", options.plugin, "Encoder, for example clip")->required()->type_name("NAME");
  add_set_option(app, options.values, "Set one of its parameters, for example --set weights=ViT-B-32.pt");
  app.add_option("--images", options.images, "Folder of images; folders in it count too")->type_name("DIR");
  app.add_option("--texts", options.texts, "File of texts: one a line, or a JSON array (.json)")->type_name("FILE");
  app.add_option("--out", options.out, "File to write")->required()->type_name("FILE.safetensors");
  app.add_option("--views", options.views, "Average each image over so many random crops; 0: the plain image")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of the views")->capture_default_str();
  add_bad_image_option(app, options.on_bad_image, "Stop at an image that cannot be read, or leave it out");
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_predict(CLI::App& app, runner::PredictOptions& options) {
  app.add_option("--model", options.model, "Run directory, or the model.safetensors of one")
      ->required()
      ->type_name("RUN_OR_FILE");
  app.add_option("--images", options.images, "Folder of images to classify")->type_name("DIR");
  app.add_option("--features", options.features, "Features to classify, instead of images: .npy or .safetensors")
      ->type_name("FILE");
  app.add_option("--labels", options.labels,
                 "The right classes: lines of 'image_1.jpg 37' for images, an array for features")
      ->type_name("FILE");
  app.add_option("--out", options.out, "Submission to write, a line for each image")->required()->type_name("FILE");
  add_set_option(app, options.values, "Change the model's encoder, for example --set weights=PATH when they moved");
  add_bad_image_option(app, options.on_bad_image, "Stop at an image that cannot be read, or guess by the class prior");
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare(CommandLine& line) {
  CLI::App& app = line.app;
  app.footer(kFooter);
  app.set_version_flag("--version", TREFOIL_VERSION);
  app.add_option("experiment", line.run.experiment, "Experiment file to run")->type_name("EXPERIMENT.toml");
  add_set_option(app, line.run.overrides, kSetHelp);
  app.add_option("--out", line.run.runs, "Folder in which run directories are made")
      ->type_name("DIR")
      ->capture_default_str();
  add_store_option(app, line.run.store);
  add_compute_options(app, line.run.device, line.run.threads);
  app.add_flag("--json", line.run.json, "Print one JSON object on stdout at the end");
  app.add_flag("--dry-run", line.run.dry_run, "Check the experiment and its plugins, run nothing");

  line.predict_command = app.add_subcommand("predict", "Classify images or features with the model of a run");
  declare_predict(*line.predict_command, line.predict);

  line.encode_command = app.add_subcommand("encode", "Write the features of images and texts to a file");
  declare_encode(*line.encode_command, line.encode);

  line.show_command = app.add_subcommand("show", "Print an experiment with every default, and where each value is set");
  line.show_command->add_option("experiment", line.show.experiment, "Experiment file")
      ->required()
      ->type_name("EXPERIMENT.toml");
  add_set_option(*line.show_command, line.show.overrides, kSetHelp);
  line.show_command->add_flag("--json", line.show.json, "Print JSON");

  line.plugins_command = app.add_subcommand("plugins", "List the plugins, or show the parameters of one");
  line.plugins_command->add_option("plugin", line.plugins.plugin, "Which one, for example selector/mixed")
      ->type_name("KIND/NAME");
  line.plugins_command->add_flag("--json", line.plugins.json, "Print JSON");
  app.require_subcommand(0, 1);
}

void execute(CommandLine& line) {
  if (line.predict_command->parsed()) {
    runner::predict(line.predict);
  } else if (line.encode_command->parsed()) {
    runner::encode(line.encode);
  } else if (line.show_command->parsed()) {
    runner::show(line.show);
  } else if (line.plugins_command->parsed()) {
    runner::list_plugins(line.plugins);
  } else {
    runner::run(line.run);
  }
}

// Never throws: it is what is left to do when something else has thrown.
int report(const CommandLine& line, trefoil::ExitCode code, const std::string& message) {
  if (line.json()) {
    const nlohmann::ordered_json json = {{"error", message}, {"exit_code", static_cast<int>(code)}};
    std::fputs((runner::json_line(json) + "\n").c_str(), stdout);
  }
  // Messages with a place in a file say "error" themselves, behind the place.
  const bool says_error = message.substr(0, message.find('\n')).find("error: ") != std::string::npos;
  std::fputs(((says_error ? "" : "error: ") + message + "\n").c_str(), stderr);
  return static_cast<int>(code);
}

// A command reads its own options only; one that stands before it would be lost in silence.
void refuse_misplaced_options(const CommandLine& line) {
  if (line.app.get_subcommands().empty()) return;
  for (const CLI::Option* option : line.app.get_options()) {
    if (option->count() > 0) {
      throw CLI::ValidationError(option->get_name(),
                                 "write it behind '" + line.app.get_subcommands().front()->get_name() + "'");
    }
  }
}

// What a command prints is lost on a full disk or a closed pipe; its exit code must tell.
int finished() {
  if (std::fflush(stdout) == 0) return 0;
  std::fputs("error: the result could not be written to stdout\n", stderr);
  return static_cast<int>(trefoil::ExitCode::failed);
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  declare(line);
  try {
    line.app.parse(argc, argv);
    refuse_misplaced_options(line);
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
    return finished();
  } catch (const trefoil::Error& error) {
    return report(line, error.code(), error.what());
  } catch (const std::exception& error) {
    return report(line, trefoil::ExitCode::failed, error.what());
  } catch (...) {
    return report(line, trefoil::ExitCode::failed, "something was thrown that is not an exception");
  }
}
