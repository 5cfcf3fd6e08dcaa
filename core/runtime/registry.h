// Registry: the plugins of the search path. They are loaded once and never unloaded. The registry also remembers which
// libraries were refused, and why.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plugin_kinds.h"
#include "trefoil/descriptor.h"

namespace trefoil::runtime {

struct LoadedPlugin {
  std::filesystem::path file;
  const PluginDescriptor* descriptor = nullptr;
  std::string sha256;  // of the file when it was loaded; the file may be rebuilt while this program runs
};

struct Refusal {
  std::filesystem::path file;
  std::string reason;  // what is wrong and what to do, on one line
};

class Registry {
 public:
  // Loads every *.so file of the folders. A folder that does not exist is not an error, because a search path may name
  // folders that are created later. A library that cannot be loaded is not an error either, until an experiment names
  // it. Links to one library are one plugin. What is not a regular file, such as a pipe, is refused without opening it.
  explicit Registry(const std::vector<std::filesystem::path>& folders);

  // Returns the plugin of this kind and name, or nullptr when there is none. Throws PluginError when there are two.
  const LoadedPlugin* find(PluginKind kind, std::string_view name) const;

  // Returns an error message for a plugin that `find` did not find: similar names, and searched_folders().
  std::string why_missing(PluginKind kind, std::string_view name) const;

  // Returns lines for a message: each searched folder, the number of plugins in it, and the refused libraries.
  std::string searched_folders() const;

  std::vector<std::string> names(PluginKind kind) const;

  // Plugins are sorted by kind and name, refusals by file.
  const std::vector<LoadedPlugin>& plugins() const { return plugins_; }
  const std::vector<Refusal>& refusals() const { return refusals_; }
  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  void load_folder(const std::filesystem::path& folder);

  std::vector<std::filesystem::path> folders_;
  std::set<std::filesystem::path> files_;  // canonical
  std::vector<LoadedPlugin> plugins_;
  std::vector<Refusal> refusals_;
};

// Returns the folders in which plugins are searched: the plugin folder of this program, the folders of
// TREFOIL_PLUGIN_PATH (separated by ':'), then `more`. For security, `more` must come from the command line or from the
// user's own experiment file, never from a model, a run directory or a plan. The working directory is not searched.
std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& more);

}  // namespace trefoil::runtime
