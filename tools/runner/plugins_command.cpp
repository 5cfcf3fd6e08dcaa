#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "commands.h"
#include "config/resolve.h"
#include "config/settings.h"
#include "json_line.h"
#include "runtime/registry.h"

namespace runner {

namespace {

using namespace trefoil;

Json json_of(const Parameter& declared) {
  Json json = {{"name", declared.name},
               {"type", config::type_text(declared)},
               {"help", declared.help},
               {"required", declared.required}};
  if (!declared.required) {
    json["default"] = std::visit([](const auto& value) { return Json(value); }, config::default_value(declared));
  }
  if (declared.search.count > 0) {
    json["search"] = {{"from", declared.search.from},
                      {"to", declared.search.to},
                      {"count", declared.search.count},
                      {"scale", declared.search.logarithmic ? "log" : "linear"}};
    if (declared.search.alone) json["search"]["alone"] = true;
  }
  return json;
}

Json json_of(const runtime::LoadedPlugin& plugin) {
  const PluginDescriptor& descriptor = *plugin.descriptor;
  Json parameters = Json::array();
  for (const Parameter& declared : config::section_parameters(descriptor)) parameters.push_back(json_of(declared));
  return {{"kind", runtime::kind_name(descriptor.kind)},
          {"name", descriptor.name},
          {"version", descriptor.version},
          {"summary", descriptor.summary},
          {"file", plugin.file.string()},
          {"parameters", parameters}};
}

void print_list(const runtime::Registry& registry, bool json) {
  if (json) {
    Json list = Json::array();
    for (const runtime::LoadedPlugin& plugin : registry.plugins()) list.push_back(json_of(plugin));
    Json refused = Json::array();
    for (const runtime::Refusal& refusal : registry.refusals()) {
      refused.push_back({{"file", refusal.file.string()}, {"reason", refusal.reason}});
    }
    Json folders = Json::array();
    for (const auto& folder : registry.folders()) folders.push_back(folder.string());
    fmt::print("{}\n", json_line(Json{{"plugins", list}, {"refused", refused}, {"searched", folders}}));
    return;
  }
  if (registry.plugins().empty()) {
    fmt::print("no plugins found{}\n", registry.searched_folders());
    return;
  }
  for (const runtime::LoadedPlugin& plugin : registry.plugins()) {
    const PluginDescriptor& descriptor = *plugin.descriptor;
    const std::string name = std::string(runtime::kind_name(descriptor.kind)) + "/" + descriptor.name;
    fmt::print("{:<24} {:<8} {}\n", name, descriptor.version, descriptor.summary);
  }
  for (const runtime::Refusal& refusal : registry.refusals()) {
    fmt::print("refused  {}: {}\n", refusal.file.string(), refusal.reason);
  }
}

// "; searched: 13 values from 0.5 to 32", if the plugin declares a range for [search].
std::string search_text(const SearchRange& range) {
  return range.count == 0 ? ""
                          : fmt::format("; searched: {} values from {:g} to {:g}", range.count, range.from, range.to);
}

// Prints the plugin as a section for an experiment file, with the defaults and the help texts.
void print_details(const runtime::LoadedPlugin& plugin) {
  const PluginDescriptor& descriptor = *plugin.descriptor;
  const char* kind = runtime::kind_name(descriptor.kind);
  fmt::print("{}/{} {}\n{}\n{}\n\n[{}]\n", kind, descriptor.name, descriptor.version, descriptor.summary,
             plugin.file.string(), kind);
  fmt::print("{:<28} \n", fmt::format("plugin = \"{}\"", descriptor.name));
  for (const Parameter& declared : config::section_parameters(descriptor)) {
    const std::string value =
        declared.required ? "…" : config::toml_text(config::file_value(config::default_value(declared), {}));
    const std::string line = fmt::format("{}{} = {}", declared.required ? "# " : "", declared.name, value);
    fmt::print("{:<28} # {} ({}{}{})\n", line, declared.help, config::type_text(declared), search_text(declared.search),
               declared.required ? "; must be set" : "");
  }
}

}  // namespace

const runtime::LoadedPlugin& find_plugin(const runtime::Registry& registry, const std::string& wanted) {
  const std::size_t slash = wanted.find('/');
  const runtime::KindTraits* kind = runtime::find_kind(wanted.substr(0, slash));
  if (kind != nullptr && slash != std::string::npos) {
    const std::string name = wanted.substr(slash + 1);
    if (const runtime::LoadedPlugin* plugin = registry.find(kind->kind, name)) return *plugin;
    throw PluginError(registry.why_missing(kind->kind, name));
  }
  config::Diagnostics diagnostics;
  diagnostics.error({}, "'" + wanted + "' is not the name of a plugin",
                    "write KIND/NAME, for example selector/mixed; the kinds are " + runtime::kind_names());
  diagnostics.throw_if_any();
  return registry.plugins().front();
}

void list_plugins(const PluginsOptions& options) {
  const runtime::Registry registry(runtime::search_path({}));
  if (options.plugin.empty()) {
    print_list(registry, options.json);
    return;
  }
  const runtime::LoadedPlugin& plugin = find_plugin(registry, options.plugin);
  if (options.json) {
    fmt::print("{}\n", json_line(json_of(plugin)));
  } else {
    print_details(plugin);
  }
}

}  // namespace runner
