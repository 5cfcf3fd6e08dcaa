// Registry: the plugins on the search path, loaded once and never unloaded, and those that were refused, with the
// reason.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plugin_kinds.h"
#include "trefoil/descriptor.h"

namespace trefoil::runtime {

struct LoadedPlugin {
  std::filesystem::path file;
  const PluginDescriptor* descriptor = nullptr;
  std::string sha256;  // of the file when it was loaded: it may be built anew while this program runs
};

struct Refusal {
  std::filesystem::path file;
  std::string reason;  // what is wrong and what to do, one line
};

class Registry {
 public:
  // Loads every *.so of the folders. Folders that do not exist are remembered for messages, not an error: a search path
  // may name what is not there yet. What cannot be loaded is refused, not an error either, until somebody asks for it.
  explicit Registry(const std::vector<std::filesystem::path>& folders);

  // The one plugin of that kind and name, or nullptr when there is none.
  // Throws PluginError when there are two: which one was meant is not for the host to guess.
  const LoadedPlugin* find(PluginKind kind, std::string_view name) const;

  // Why `find` found nothing, for a person: near names, the folders searched, and what each held.
  std::string why_missing(PluginKind kind, std::string_view name) const;

  std::vector<std::string> names(PluginKind kind) const;

  // Sorted by kind and name; refusals by file.
  const std::vector<LoadedPlugin>& plugins() const { return plugins_; }
  const std::vector<Refusal>& refusals() const { return refusals_; }
  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  void load_folder(const std::filesystem::path& folder);

  std::vector<std::filesystem::path> folders_;
  std::vector<LoadedPlugin> plugins_;
  std::vector<Refusal> refusals_;
};

// Where plugins are looked for: beside the program (its lib folder, whether built or installed), the folders of
// TREFOIL_PLUGIN_PATH (separated by ':'), then `more`, which come from the command line or the user's own experiment
// file, never from a model, a run directory or a plan. Never the working directory.
std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& more);

}  // namespace trefoil::runtime
