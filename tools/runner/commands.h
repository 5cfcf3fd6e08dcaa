// The runner's commands. Each takes its parsed options, prints its result on stdout, and throws on failure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/errors.h"
#include "runtime/registry.h"

namespace runner {

// A failure behind results that were printed: with --json, there is one object already.
struct FailedBehindResults : trefoil::Error {
  using Error::Error;
};

// Where plugins are looked for besides the runner's own folder and TREFOIL_PLUGIN_PATH.
struct PluginFolders {
  std::vector<std::filesystem::path> folders;  // --plugin-path, may be repeated
  bool ignore_experiment = false;              // --no-plugin-path: the experiment's plugin_path is not used

  // All of them, as absolute paths.
  std::vector<std::filesystem::path> with(const std::vector<std::string>& of_experiment) const;
};

struct RunOptions {
  std::filesystem::path experiment;
  std::vector<std::string> overrides;  // --set K=V
  std::filesystem::path runs = "runs";
  std::filesystem::path store = "features";
  std::string device = "cpu";
  int threads = 0;  // 0: one a core
  bool json = false;
  bool dry_run = false;
  std::vector<std::string> command_line;
  // Of a sweep:
  bool plan_only = false;
  std::vector<std::string> only;  // K=V that every job must have
  int jobs = 1;                   // processes that share the work
  bool fail_fast = false;
  std::size_t max_failures = 0;  // 0: as many as there are
  bool retry_failed = false;
  bool keep_done = false;  // whatever has changed since
  std::string launcher;    // "local" or "slurm"; "": as [launcher] says
  PluginFolders plugins;
};

struct JobOptions {
  std::filesystem::path plan;        // a sweep's folder, or its plan.csv
  std::vector<std::size_t> indices;  // none: whatever is left
  std::vector<std::string> only;     // K=V that every job must have
  std::size_t max_failures = 0;      // 0: as many as there are
  std::filesystem::path store = "features";
  std::string device = "cpu";
  int threads = 0;  // 0: one a core
  bool retry_failed = false;
  bool keep_done = false;  // whatever has changed since
  bool json = false;
  PluginFolders plugins;
  int parent = 0;  // the process to end with, or 0
  std::vector<std::string> command_line;
};

struct SweepOptions {
  std::filesystem::path folder;  // of a sweep
  bool json = false;
};

struct ReportOptions {
  std::vector<std::filesystem::path> folders;  // runs, or one sweep
  std::filesystem::path out;                   // "": "comparison", or the sweep's own folder
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
  std::vector<std::string> values;  // --set K=V, of the plugin
  bool json = false;
};

struct EncodeOptions {
  std::string plugin;
  std::vector<std::string> values;  // --set K=V, of the plugin
  std::filesystem::path images;     // a folder, or "" for none
  std::filesystem::path texts;      // a file, or "" for none
  std::filesystem::path out;        // or "" with a shard
  std::string shard;                // "2/8", or "" for all
  std::filesystem::path store = "features";
  std::int64_t views = 0;
  std::uint64_t seed = 1;
  std::string on_bad_image = "fail";
  std::string device = "cpu";
  int threads = 0;  // 0: one a core
  bool json = false;
};

struct PredictOptions {
  std::filesystem::path model;     // a run directory or a model file
  std::filesystem::path images;    // a folder, or "" for none
  std::filesystem::path features;  // an array, or "" for none
  std::filesystem::path labels;    // a file, or "" for none
  std::filesystem::path out;
  std::vector<std::string> values;  // --set K=V, of the encoder
  std::filesystem::path store = "features";
  std::string on_bad_image = "fail";
  std::string device = "cpu";
  int threads = 0;  // 0: one a core
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

// The plugin called KIND/NAME. Throws ConfigError when that is no such name, PluginError when there is no such plugin.
const trefoil::runtime::LoadedPlugin& find_plugin(const trefoil::runtime::Registry& registry, const std::string& name);

}  // namespace runner
