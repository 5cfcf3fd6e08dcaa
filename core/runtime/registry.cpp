#include "runtime/registry.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>

#include "base/errors.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "runtime/library.h"
#include "runtime/library_trust.h"

namespace trefoil::runtime {

namespace {

bool has_name(const LoadedPlugin& plugin, PluginKind kind, std::string_view name) {
  return plugin.descriptor->kind == kind && plugin.descriptor->name == name;
}

std::vector<std::filesystem::path> libraries_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Registry::Registry(const std::vector<std::filesystem::path>& folders) {
  for (const std::filesystem::path& folder : folders) {
    std::error_code unreadable;
    std::filesystem::path canonical = std::filesystem::weakly_canonical(folder, unreadable);
    if (unreadable) canonical = folder;
    if (std::find(folders_.begin(), folders_.end(), canonical) == folders_.end()) folders_.push_back(canonical);
  }
  for (const std::filesystem::path& folder : folders_) load_folder(folder);
  std::stable_sort(plugins_.begin(), plugins_.end(), [](const LoadedPlugin& a, const LoadedPlugin& b) {
    return std::tuple(a.descriptor->kind, std::string_view(a.descriptor->name)) <
           std::tuple(b.descriptor->kind, std::string_view(b.descriptor->name));
  });
}

void Registry::load_folder(const std::filesystem::path& folder) {
  for (const std::filesystem::path& file : libraries_in(folder)) {
    if (std::string refusal = refusal_of_file(file); !refusal.empty()) {
      refusals_.push_back({file, std::move(refusal)});
      continue;
    }
    std::error_code unreadable;
    // A link to a library that is already loaded is the same plugin.
    const std::filesystem::path canonical = std::filesystem::weakly_canonical(file, unreadable);
    if (!unreadable && !files_.insert(canonical).second) continue;
    auto loaded = load_library(file);
    if (auto* refusal = std::get_if<Refusal>(&loaded)) {
      refusals_.push_back(std::move(*refusal));
    } else {
      plugins_.push_back(std::get<LoadedPlugin>(loaded));
    }
  }
}

const LoadedPlugin* Registry::find(PluginKind kind, std::string_view name) const {
  const auto matches = [&](const LoadedPlugin& plugin) { return has_name(plugin, kind, name); };
  const auto first = std::find_if(plugins_.begin(), plugins_.end(), matches);
  if (first == plugins_.end()) return nullptr;
  const auto second = std::find_if(first + 1, plugins_.end(), matches);
  if (second != plugins_.end()) {
    throw PluginError("there are two plugins with the name " + std::string(kind_name(kind)) + "/" + std::string(name) +
                      ": " + first->file.string() + " and " + second->file.string() +
                      "; remove one of them, or remove its folder from the search path");
  }
  return &*first;
}

std::vector<std::string> Registry::names(PluginKind kind) const {
  std::vector<std::string> names;
  for (const LoadedPlugin& plugin : plugins_) {
    if (plugin.descriptor->kind == kind) names.emplace_back(plugin.descriptor->name);
  }
  return names;
}

std::string Registry::why_missing(PluginKind kind, std::string_view name) const {
  std::string text =
      "there is no " + std::string(kind_name(kind)) + " plugin with the name '" + std::string(name) + "'\n  ";
  for (const LoadedPlugin& plugin : plugins_) {
    if (plugin.descriptor->name == name) {
      text += plugin.file.string() + " has this name, but its kind is " + kind_name(plugin.descriptor->kind) +
              ": use it in [" + kind_name(plugin.descriptor->kind) + "]\n  ";
    }
  }
  text += base::suggestion(name, names(kind), std::string("known ") + kind_name(kind) + " plugins");
  return text + searched_folders();
}

std::string Registry::searched_folders() const {
  std::string text;
  for (const std::filesystem::path& folder : folders_) {
    const auto in_folder = [&](const auto& each) { return each.file.parent_path() == folder; };
    text += "\n  searched " + folder.string() + ": ";
    std::error_code failure;
    const std::filesystem::directory_iterator readable(folder, failure);
    text += failure ? failure.message()
                    : base::counted(std::int64_t{std::count_if(plugins_.begin(), plugins_.end(), in_folder)}, "plugin");
    for (const Refusal& refusal : refusals_) {
      if (in_folder(refusal)) text += "\n    refused " + refusal.file.string() + ": " + refusal.reason;
    }
  }
  return text + "\n  to search another folder, use --plugin-path or TREFOIL_PLUGIN_PATH";
}

std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& more) {
  // This is right in the build tree too, because it has the folders of an installation.
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  std::vector<std::filesystem::path> folders = {program.parent_path() / TREFOIL_PLUGIN_FOLDER};
  if (const char* variable = std::getenv("TREFOIL_PLUGIN_PATH")) {
    for (const std::string& folder : base::split(variable, ':')) folders.emplace_back(folder);
  }
  folders.insert(folders.end(), more.begin(), more.end());
  return folders;
}

}  // namespace trefoil::runtime
