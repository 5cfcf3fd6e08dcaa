#include "command_line.h"

#include "trefoil/version.h"

namespace runner {

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 run failed, 2 bad configuration or usage, 3 plugin refused or failed, 4 bad data, 130 "
    "interrupted.\n"
    "The runner loads plugins from its own plugin folder, from TREFOIL_PLUGIN_PATH, from --plugin-path, and from the "
    "experiment's plugin_path.\n"
    "Loading a plugin runs its code: use --no-plugin-path for an experiment from somebody that you do not trust.";

const char* kSetHelp = "Override one value, for example --set selector.q=256; may be repeated";

void add_compute_options(CLI::App& app, std::string& device, int& threads) {
  app.add_option("--device", device, "Device to compute on")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--threads", threads, "Number of threads (default: one per core); it does not change the results")
      ->check(CLI::Range(1, 1024));
}

void add_store_option(CLI::App& app, std::filesystem::path& store) {
  app.add_option("--store", store, "Folder of encoded features; all runs share it")
      ->type_name("DIR")
      ->capture_default_str();
}

void add_set_option(CLI::App& app, std::vector<std::string>& values, const char* help) {
  app.add_option("--set", values, help)->type_name("K=V")->take_all()->allow_extra_args(false);
}

void add_plugin_path_option(CLI::App& app, PluginFolders& plugins) {
  app.add_option("--plugin-path", plugins.folders, "Folder to load plugins from, in addition; may be repeated")
      ->type_name("DIR")
      ->take_all()
      ->allow_extra_args(false);
}

void add_experiment_plugin_options(CLI::App& app, PluginFolders& plugins) {
  add_plugin_path_option(app, plugins);
  app.add_flag("--no-plugin-path", plugins.ignore_experiment, "Ignore the experiment's plugin_path");
}

void add_bad_image_option(CLI::App& app, std::string& policy, const char* help) {
  app.add_option("--on-bad-image", policy, help)->check(CLI::IsMember({"fail", "skip"}))->capture_default_str();
}

void declare_encode(CLI::App& app, EncodeOptions& options) {
  app.add_option("--plugin", options.plugin, "Encoder, for example clip")->required()->type_name("NAME");
  add_set_option(app, options.values, "Set a parameter of the encoder, for example --set weights=ViT-B-32.pt");
  app.add_option("--images", options.images, "Folder of images; its subfolders are included")->type_name("DIR");
  app.add_option("--texts", options.texts, "File of texts: one per line, or a JSON array (.json)")->type_name("FILE");
  CLI::Option* out = app.add_option("--out", options.out, "File to write")->type_name("FILE.safetensors");
  app.add_option("--shard", options.shard,
                 "Encode only part I of N into the store, and write no file. After all N parts, run the command again "
                 "without --shard: it takes all features from the store")
      ->type_name("I/N")
      ->excludes(out);
  app.add_option("--views", options.views,
                 "Number of random crops that an image's feature is averaged over; 0: the image itself")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of the random crops")->capture_default_str();
  add_bad_image_option(app, options.on_bad_image, "If an image cannot be read: fail, or skip it");
  app.add_option(
         "--decode", options.decode,
         "Decoding of large JPEG files: exact, or fast at a reduced resolution; give the same as data.decode of "
         "the experiment")
      ->check(CLI::IsMember({"exact", "fast"}))
      ->capture_default_str();
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_predict(CLI::App& app, PredictOptions& options) {
  app.add_option("--model", options.model, "Run directory, or its model.safetensors")
      ->required()
      ->type_name("RUN_OR_FILE");
  app.add_option("--images", options.images, "Folder of images to classify")->type_name("DIR");
  app.add_option("--features", options.features, "File of features to classify instead of images, .npy or .safetensors")
      ->type_name("FILE");
  app.add_option("--labels", options.labels,
                 "True classes: lines of 'image_1.jpg 37' for images, an array for features")
      ->type_name("FILE");
  app.add_option("--out", options.out, "Result file to write, one line per image")->required()->type_name("FILE");
  app.add_flag("--allow-code", options.allow_code,
               "Run the program in the model, if it has one; use it only if you trust the author of the model");
  add_set_option(app, options.values,
                 "Override a parameter of the model's encoder, for example --set weights=PATH if the file has moved");
  add_plugin_path_option(app, options.plugins);
  add_bad_image_option(app, options.on_bad_image, "If an image cannot be read: fail, or predict by the class prior");
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void add_only_option(CLI::App& app, std::vector<std::string>& values) {
  app.add_option("--only", values,
                 "Run only the jobs of a sweep with this value, for example --only data.shots=16; may be repeated")
      ->type_name("K=V")
      ->take_all()
      ->allow_extra_args(false);
}

void add_keep_option(CLI::App& app, bool& keep_done) {
  app.add_flag("--keep-done", keep_done, "Keep finished jobs even if a plugin or an input file has changed");
}

void declare_sweep(CLI::App& app, RunOptions& options) {
  app.add_flag("--plan-only", options.plan_only, "Write the plan of a sweep for 'runner job', and run nothing");
  add_only_option(app, options.only);
  app.add_option("--jobs", options.jobs,
                 "Number of processes that share a sweep's jobs; the threads are divided among them")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_flag("--fail-fast", options.fail_fast, "Stop a sweep at its first failed job");
  app.add_option("--max-failures", options.max_failures, "Stop a sweep after this number of failed jobs")
      ->check(CLI::PositiveNumber)
      ->excludes("--fail-fast");
  app.add_flag("--retry-failed", options.retry_failed, "Run the failed jobs of a sweep again");
  add_keep_option(app, options.keep_done);
  app.add_option("--launcher", options.launcher,
                 "Run a sweep's jobs on this machine, or as Slurm job arrays (default: [launcher])")
      ->check(CLI::IsMember({"local", "slurm"}));
}

// A hidden option for the processes that `--jobs` starts.
void add_parent_option(CLI::App& app, int& parent) {
  app.add_option("--parent", parent, "Process whose end stops this one")->group("");
}

void declare_job(CLI::App& app, JobOptions& options) {
  app.add_option("--plan", options.plan, "Folder of a sweep, or its plan.csv")->required()->type_name("PLAN");
  app.add_option("--index", options.indices,
                 "Index of a job in plan.csv, may be repeated (default: all jobs that are left)")
      ->check(CLI::NonNegativeNumber)
      ->take_all()
      ->allow_extra_args(false);
  add_only_option(app, options.only);
  app.add_option("--max-failures", options.max_failures, "Stop after this number of failed jobs")
      ->check(CLI::PositiveNumber);
  app.add_flag("--retry-failed", options.retry_failed, "Run the failed jobs again");
  add_keep_option(app, options.keep_done);
  add_plugin_path_option(app, options.plugins);
  add_parent_option(app, options.parent);
  add_store_option(app, options.store);
  add_compute_options(app, options.device, options.threads);
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_report(CLI::App& app, ReportOptions& options) {
  app.add_option("folders", options.folders, "Run directories, or one sweep folder")
      ->required()
      ->type_name("RUN_OR_SWEEP");
  app.add_option("--out", options.out,
                 "Folder for the tables, the charts and report.html (default: the sweep folder, or ./comparison)")
      ->type_name("DIR");
  app.add_option("--rows", options.choice.rows, "Axis of the table's rows, such as head.plugin; may be repeated")
      ->type_name("KEY")
      ->expected(1);
  app.add_option("--columns", options.choice.columns,
                 "Axis of the table's columns, such as data.shots; may be repeated")
      ->type_name("KEY")
      ->expected(1);
  app.add_option("--blocks", options.choice.blocks,
                 "Axis with a table of its own for each value, such as data.root; may be repeated")
      ->type_name("KEY")
      ->expected(1);
  app.add_option("--baseline", options.choice.baseline,
                 "Row that the other rows are compared with (default: the best one)")
      ->type_name("ROW");
  app.add_option("--reference", options.choice.reference, "CSV file of published accuracies, shown beside the results")
      ->type_name("FILE");
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

void declare_check(CLI::App& app, CheckOptions& options) {
  app.add_option("plugin", options.plugin,
                 "A plugin library, or the name of an installed plugin, such as selector/mixed")
      ->required()
      ->type_name("FILE.so|KIND/NAME");
  add_set_option(app, options.values, "Set a parameter of the plugin, for example --set weights=model.pt");
  app.add_flag("--json", options.json, "Print one JSON object on stdout at the end");
}

CLI::App* declare_sweep_command(CLI::App& app, const char* name, const char* help, SweepOptions& options) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("folder", options.folder, "Sweep folder")->required()->type_name("SWEEP");
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
  app.add_option("--out", line.run.runs, "Folder for run directories")->type_name("DIR")->capture_default_str();
  add_store_option(app, line.run.store);
  add_compute_options(app, line.run.device, line.run.threads);
  app.add_flag("--json", line.run.json, "Print one JSON object on stdout at the end");
  app.add_flag("--dry-run", line.run.dry_run, "Check the experiment and its plugins, and print what would run");

  add_experiment_plugin_options(app, line.run.plugins);
  declare_sweep(app, line.run);

  line.job_command = app.add_subcommand("job", "Run jobs of a sweep: one, some, or all that are left");
  declare_job(*line.job_command, line.job);

  line.report_command = app.add_subcommand("report", "Compare runs: write a report page, a table and a CSV file");
  declare_report(*line.report_command, line.report);

  CLI::App* sweep = app.add_subcommand("sweep", "Monitor or cancel a sweep on a cluster");
  line.status_command = declare_sweep_command(*sweep, "status", "Show progress", line.sweep);
  line.cancel_command = declare_sweep_command(*sweep, "cancel", "Cancel the queued and running tasks", line.sweep);
  sweep->require_subcommand(1);

  line.predict_command = app.add_subcommand("predict", "Classify images or features with a saved model");
  declare_predict(*line.predict_command, line.predict);

  line.encode_command = app.add_subcommand("encode", "Write the features of images and texts to a file");
  declare_encode(*line.encode_command, line.encode);

  line.show_command = app.add_subcommand("show", "Print an experiment with all defaults and the source of each value");
  line.show_command->add_option("experiment", line.show.experiment, "Experiment file")
      ->required()
      ->type_name("EXPERIMENT.toml");
  add_set_option(*line.show_command, line.show.overrides, kSetHelp);
  add_experiment_plugin_options(*line.show_command, line.show.plugins);
  line.show_command->add_flag("--json", line.show.json, "Print JSON");

  line.plugins_command = app.add_subcommand("plugins", "List plugins, or show the parameters of one");
  line.plugins_command->add_option("plugin", line.plugins.plugin, "Plugin to show, for example selector/mixed")
      ->type_name("KIND/NAME");
  line.plugins_command->add_flag("--json", line.plugins.json, "Print JSON");
  line.check_command =
      line.plugins_command->add_subcommand("check", "Test whether a plugin follows the rules of its kind");
  declare_check(*line.check_command, line.check);

  line.completion_command = app.add_subcommand("completion", "Print a completion script for a shell");
  line.completion_command->add_option("shell", line.shell, "Shell")->required()->check(CLI::IsMember({"bash", "zsh"}));
  line.man_command = app.add_subcommand("man", "Print the manual page");
  app.require_subcommand(0, 1);
}

}  // namespace runner
