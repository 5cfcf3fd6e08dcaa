// The runner's commands. Each takes its parsed options, prints its result on stdout, and throws on failure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

struct RunOptions {
  std::filesystem::path experiment;
  std::vector<std::string> overrides;  // --set K=V
  std::filesystem::path runs = "runs";
  std::string device = "cpu";
  int threads = 0;  // 0: one a core
  bool json = false;
  bool dry_run = false;
  std::vector<std::string> command_line;
};

struct ShowOptions {
  std::filesystem::path experiment;
  std::vector<std::string> overrides;
  bool json = false;
};

struct PluginsOptions {
  std::string plugin;  // "KIND/NAME", or "" for the list
  bool json = false;
};

void run(const RunOptions& options);
void show(const ShowOptions& options);
void list_plugins(const PluginsOptions& options);

}  // namespace runner
