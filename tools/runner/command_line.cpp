#include "command_line.h"

#include "trefoil/version.h"

namespace runner {

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 run failed, 2 bad configuration or usage, 3 plugin refused or failed, 4 bad data, 130 "
    "interrupted.\n"
    "Plugins are looked for beside the runner, in TREFOIL_PLUGIN_PATH, in --plugin-path, and in the experiment's "
    "plugin_path.\n"
    "Loading a plugin runs its code: read a stranger's experiment with --no-plugin-path.";

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

void add_plugin_path_option(CLI::App& app, PluginFolders& plugins) {
  app.add_option("--plugin-path", plugins.folders, "One more folder to look for plugins in; may be repeated")
      ->type_name("DIR")
      ->take_all()
      ->allow_extra_args(false);
}

void add_experiment_plugin_options(CLI::App& app, PluginFolders& plugins) {
  add_plugin_path_option(app, plugins);
  app.add_flag("--no-plugin-path", plugins.ignore_experiment,
               "Load no plugin from the folders that the experiment's plugin_path names");
}

void add_bad_image_option(CLI::App& app, std::string& policy, const char* help) {
  app.add_option("--on-bad-image", policy, help)->check(CLI::IsMember({"fail", "skip"}))->capture_default_str();
}

void declare_encode(CLI::App& app, EncodeOptions& options) {
  app.add_option("--plugin", options.plugin, "Encoder, for example clip")->required()->type_name("NAME");
  add_set_option(app, options.values, "Set one of its parameters, for example --set weights=ViT-B-32.pt");
  app.add_option("--images", options.images, "Folder of images; folders in it count too")->type_name("DIR");
  app.add_option("--texts", options.texts, "File of texts: one a line, or a JSON array (.json)")->type_name("FILE");
  CLI::Option* out = app.add_option("--out", options.out, "File to write")->type_name("FILE.safetensors");
  app.add_option("--shard", options.shard,
                 "Encode only the I-th of N parts, into the store, and write no file: one of N processes or machines; "
                 "without it, the same command then finds everything there")
      ->type_name("I/N")
      ->excludes(out);
  app.add_option("--views", options.views, "Average each image over so many random crops; 0: the plain image")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of the views")->capture_default_str();
  add_bad_image_option(app, options.on_bad_image, "Stop at an image that cannot be read, or leave it out");
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_predict(CLI::App& app, PredictOptions& options) {
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
  add_plugin_path_option(app, options.plugins);
  add_bad_image_option(app, options.on_bad_image, "Stop at an image that cannot be read, or guess by the class prior");
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void add_only_option(CLI::App& app, std::vector<std::string>& values) {
  app.add_option("--only", values, "Of a sweep, only the jobs with this value, for example --only data.shots=16")
      ->type_name("K=V")
      ->take_all()
      ->allow_extra_args(false);
}

void add_keep_option(CLI::App& app, bool& keep_done) {
  app.add_flag("--keep-done", keep_done, "Run no job again because a plugin or a file has changed since");
}

void declare_sweep(CLI::App& app, RunOptions& options) {
  app.add_flag("--plan-only", options.plan_only, "Write the plan of a sweep, for runner job, and run nothing");
  add_only_option(app, options.only);
  app.add_option("--jobs", options.jobs, "Processes that share a sweep's jobs; each gets its part of the threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_flag("--fail-fast", options.fail_fast, "End a sweep at its first failed job");
  app.add_option("--max-failures", options.max_failures, "End a sweep after so many failed jobs")
      ->check(CLI::PositiveNumber)
      ->excludes("--fail-fast");
  app.add_flag("--retry-failed", options.retry_failed, "Run failed jobs of a sweep again");
  add_keep_option(app, options.keep_done);
  app.add_option("--launcher", options.launcher, "Where a sweep's jobs run: here, or as job arrays of a cluster")
      ->check(CLI::IsMember({"local", "slurm"}));
}

// For the processes of `--jobs` only.
void add_parent_option(CLI::App& app, int& parent) {
  app.add_option("--parent", parent, "Process to end with")->group("");
}

void declare_job(CLI::App& app, JobOptions& options) {
  app.add_option("--plan", options.plan, "Folder of a sweep, or its plan.csv")->required()->type_name("PLAN");
  app.add_option("--index", options.indices,
                 "Number of the job in plan.csv, may be repeated; without it, whatever is left")
      ->check(CLI::NonNegativeNumber)
      ->take_all()
      ->allow_extra_args(false);
  add_only_option(app, options.only);
  app.add_option("--max-failures", options.max_failures, "End after so many failed jobs")->check(CLI::PositiveNumber);
  app.add_flag("--retry-failed", options.retry_failed, "Run failed jobs again");
  add_keep_option(app, options.keep_done);
  add_plugin_path_option(app, options.plugins);
  add_parent_option(app, options.parent);
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_report(CLI::App& app, ReportOptions& options) {
  app.add_option("folders", options.folders, "Run directories, or the folder of one sweep")
      ->required()
      ->type_name("RUN_OR_SWEEP");
  app.add_option("--out", options.out,
                 "Folder to write results.csv, results.md and report.html to; a sweep's own is its "
                 "default")
      ->type_name("DIR");
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_check(CLI::App& app, CheckOptions& options) {
  app.add_option("plugin", options.plugin, "A library, or the name of a plugin that is found, such as selector/mixed")
      ->required()
      ->type_name("FILE.so|KIND/NAME");
  add_set_option(app, options.values, "Set one of its parameters, for example --set weights=model.pt");
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

CLI::App* declare_sweep_command(CLI::App& app, const char* name, const char* help, SweepOptions& options) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("folder", options.folder, "Folder of the sweep")->required()->type_name("SWEEP");
  command->add_flag("--json", options.json, "Print one JSON object on stdout");
  return command;
}

}  // namespace

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
  app.add_flag("--dry-run", line.run.dry_run, "Check the experiment and its plugins, show what would run, run nothing");

  add_experiment_plugin_options(app, line.run.plugins);
  declare_sweep(app, line.run);

  line.job_command = app.add_subcommand("job", "Run one job of a sweep, or whatever is left of it");
  declare_job(*line.job_command, line.job);

  line.report_command = app.add_subcommand("report", "Compare runs: a page, a table and a CSV file");
  declare_report(*line.report_command, line.report);

  CLI::App* sweep = app.add_subcommand("sweep", "Look after a sweep that a cluster runs");
  line.status_command = declare_sweep_command(*sweep, "status", "Say how far its jobs are", line.sweep);
  line.cancel_command = declare_sweep_command(*sweep, "cancel", "Take what is left of it out of the queue", line.sweep);
  sweep->require_subcommand(1);

  line.predict_command = app.add_subcommand("predict", "Classify images or features with the model of a run");
  declare_predict(*line.predict_command, line.predict);

  line.encode_command = app.add_subcommand("encode", "Write the features of images and texts to a file");
  declare_encode(*line.encode_command, line.encode);

  line.show_command = app.add_subcommand("show", "Print an experiment with every default, and where each value is set");
  line.show_command->add_option("experiment", line.show.experiment, "Experiment file")
      ->required()
      ->type_name("EXPERIMENT.toml");
  add_set_option(*line.show_command, line.show.overrides, kSetHelp);
  add_experiment_plugin_options(*line.show_command, line.show.plugins);
  line.show_command->add_flag("--json", line.show.json, "Print JSON");

  line.plugins_command = app.add_subcommand("plugins", "List the plugins, or show the parameters of one");
  line.plugins_command->add_option("plugin", line.plugins.plugin, "Which one, for example selector/mixed")
      ->type_name("KIND/NAME");
  line.plugins_command->add_flag("--json", line.plugins.json, "Print JSON");
  line.check_command =
      line.plugins_command->add_subcommand("check", "Try whether a plugin keeps the rules of its kind");
  declare_check(*line.check_command, line.check);

  line.completion_command = app.add_subcommand("completion", "Print the completion of this command line for a shell");
  line.completion_command->add_option("shell", line.shell, "Which shell")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  line.man_command = app.add_subcommand("man", "Print the manual page, for man");
  app.require_subcommand(0, 1);
}

}  // namespace runner
