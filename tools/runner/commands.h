// The runner's commands. Each takes its parsed options, prints its result on stdout, and throws on failure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/errors.h"
#include "config/report_section.h"
#include "runtime/registry.h"

namespace runner {

// A failure after the results were printed. With --json, main() must not print a second object.
struct FailedBehindResults : trefoil::Error {
  using Error::Error;
};

// Plugin folders in addition to the runner's own folder and TREFOIL_PLUGIN_PATH.
struct PluginFolders {
  std::vector<std::filesystem::path> folders;  // --plugin-path, may be repeated
  bool ignore_experiment = false;              // --no-plugin-path: the experiment's plugin_path is not used

  // Returns --plugin-path as absolute paths, then the experiment's folders unless they are ignored.
  std::vector<std::filesystem::path> with(const std::vector<std::string>& of_experiment) const;
};

struct RunOptions {
  std::filesystem::path experiment;
  std::vector<std::string> overrides;  // --set K=V
  std::filesystem::path runs = "runs";
  std::filesystem::path store = "features";
  std::string device = "cpu";
  int threads = 0;  // 0: one per core
  bool json = false;
  bool dry_run = false;
  std::vector<std::string> command_line;
  // Options of a sweep:
  bool plan_only = false;
  std::vector<std::string> only;  // K=V that every job must have
  int jobs = 1;                   // processes that share the work
  bool fail_fast = false;
  std::size_t max_failures = 0;  // 0: no limit
  bool retry_failed = false;
  bool keep_done = false;  // keep finished jobs although their inputs have changed
  std::string launcher;    // "local" or "slurm"; "": the value in [launcher]
  PluginFolders plugins;
};

struct JobOptions {
  std::filesystem::path plan;        // a sweep folder, or its plan.csv
  std::vector<std::size_t> indices;  // none: all jobs that are left
  std::vector<std::string> only;     // K=V that every job must have
  std::size_t max_failures = 0;      // 0: no limit
  std::filesystem::path store = "features";
  std::string device = "cpu";
  int threads = 0;  // 0: one per core
  bool retry_failed = false;
  bool keep_done = false;  // keep finished jobs although their inputs have changed
  bool json = false;
  PluginFolders plugins;
  int parent = 0;  // the process whose end stops this one, or 0
  std::vector<std::string> command_line;
};

struct SweepOptions {
  std::filesystem::path folder;  // the sweep folder
  bool json = false;
};

struct ReportOptions {
  std::vector<std::filesystem::path> folders;  // run directories, or one sweep folder
  std::filesystem::path out;                   // "": the sweep folder, or "comparison" for runs
  trefoil::config::ReportChoice choice;        // overrides [report] of the sweep
  bool json = false;
};

struct ShowOptions {
  std::filesystem::path experiment;
  std::vector<std::string> overrides;
  bool json = false;
  PluginFolders plugins;
};

struct PluginsOptions {
  std::string plugin;  // "KIND/NAME", or "" for the list
  bool json = false;
};

struct CheckOptions {
  std::string plugin;               // a library, or "KIND/NAME"
  std::vector<std::string> values;  // --set K=V: parameters of the plugin
  bool json = false;
};

struct EncodeOptions {
  std::string plugin;
  std::vector<std::string> values;  // --set K=V: parameters of the encoder
  std::filesystem::path images;     // a folder, or "" for none
  std::filesystem::path texts;      // a file, or "" for none
  std::filesystem::path out;        // the file to write; "" with a shard
  std::string shard;                // "2/8", or "" for all images and texts
  std::filesystem::path store = "features";
  std::int64_t views = 0;
  std::uint64_t seed = 1;
  std::string on_bad_image = "fail";
  std::string decode = "exact";
  std::string device = "cpu";
  int threads = 0;  // 0: one per core
  bool json = false;
};

struct PredictOptions {
  std::filesystem::path model;     // a run directory or a model file
  std::filesystem::path images;    // a folder, or "" for none
  std::filesystem::path features;  // an array, or "" for none
  std::filesystem::path labels;    // a file, or "" for none
  std::filesystem::path out;
  bool allow_code = false;          // a program in the model may run
  std::vector<std::string> values;  // --set K=V: parameters of the model's encoder
  std::filesystem::path store = "features";
  std::string on_bad_image = "fail";
  std::string device = "cpu";
  int threads = 0;  // 0: one per core
  bool json = false;
  PluginFolders plugins;
};

void run(const RunOptions& options);
void job(const JobOptions& options);
void report(const ReportOptions& options);
void sweep_status(const SweepOptions& options);
void sweep_cancel(const SweepOptions& options);
void predict(const PredictOptions& options);
void encode(const EncodeOptions& options);
void show(const ShowOptions& options);
void list_plugins(const PluginsOptions& options);
void check_plugin(const CheckOptions& options);

// Returns the plugin KIND/NAME. Throws ConfigError when `name` does not have this form, PluginError when there is no
// such plugin.
const trefoil::runtime::LoadedPlugin& find_plugin(const trefoil::runtime::Registry& registry, const std::string& name);

}  // namespace runner
