#include "config/experiment.h"

#include <cmath>

#include "base/errors.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "config/merge.h"
#include "config/toml.h"
#include "data/layout.h"
#include "data/prompts.h"

namespace trefoil::config {

namespace {

constexpr Parameter kName = parameter::text("name", "", "what the run directory is called; the file's name unless set");
constexpr Parameter kSeed = parameter::integer("seed", 1, {0, 9007199254740992}, "seed of everything random");
constexpr Parameter kPluginPath = parameter::path_list("plugin_path", "more folders to look for plugins in");

constexpr Parameter kNeeds = parameter::text(
    "needs", "", "what has to be there before it can run, and what to run instead; shown when it is not");

// The last three are of a file, not of one experiment: with_settings takes them out. They are here to be suggested.
constexpr std::string_view kSections[] = {"data", "encoder", "prompts",  "selector", "relation",
                                          "head", "search",  "ablation", "sweep",    "launcher"};

// Whether the plugin is a selector of which the host keeps the q best channels.
bool keeps_some(const PluginDescriptor& descriptor) {
  return descriptor.kind == PluginKind::selector && std::string_view(descriptor.name) != "all";
}

template <typename Any>  // const or not
auto& choice_of(Any& experiment, PluginKind kind) {
  if (kind == PluginKind::selector) return experiment.selector;
  return kind == PluginKind::relation ? experiment.relation : experiment.head;
}

class Resolver {
 public:
  Resolver(const ExperimentFile& file, const plugins::Registry& registry) : file_(file), registry_(registry) {}

  Experiment resolve() {
    experiment_.file = file_.path;
    read_top_level();
    read_data();
    if (layout_ != nullptr && layout_->holds_images()) {
      experiment_.encoder = read_plugin(PluginKind::encoder, "");
      read_prompts();
    } else if (layout_ != nullptr) {
      refuse_sections_of_images();
    }
    experiment_.selector = read_plugin(PluginKind::selector, "all");
    experiment_.relation = read_plugin(PluginKind::relation, "");
    experiment_.head = read_plugin(PluginKind::head, "none");
    read_search();
    throw_if_any();
    return std::move(experiment_);
  }

 private:
  void throw_if_any() const {
    diagnostics_.throw_if_any();
    if (!plugin_error_.empty()) throw PluginError(plugin_error_);
  }

  // That a default path is relative to.
  std::filesystem::path folder() const { return std::filesystem::absolute(file_.path).parent_path(); }

  void read_top_level() {
    const Parameters parameters =
        read_settings(file_.table, "", {kName, kSeed, kPluginPath, kNeeds},
                      {std::begin(kSections), std::end(kSections)}, folder(), diagnostics_, experiment_.settings);
    if (!diagnostics_.empty()) return;
    experiment_.name = parameters.text("name").empty() ? file_.path.stem().string() : parameters.text("name");
    experiment_.settings.front().value.data = experiment_.name;
    experiment_.seed = static_cast<std::uint64_t>(parameters.integer("seed"));
    experiment_.needs = parameters.text("needs");
    if (experiment_.name.find('/') != std::string::npos || base::starts_with(experiment_.name, ".") ||
        base::has_control_character(experiment_.name)) {
      diagnostics_.error(experiment_.settings.front().value.origin,
                         "'name' becomes the name of a folder; got " + toml_quoted(experiment_.name),
                         "leave out '/', a leading '.', and control characters");
    }
  }

  // The section as a table; nothing, with a diagnostic, when something else has its name.
  const Table* section(std::string_view name) {
    const Value* value = file_.table.find(name);
    if (value == nullptr) return nullptr;
    if (value->table() == nullptr) {
      diagnostics_.error(value->origin, "'" + std::string(name) + "' is a section, not " + value->type_name(),
                         "write [" + std::string(name) + "]");
    }
    return value->table();
  }

  void read_data() {
    const Table* table = section("data");
    if (table == nullptr) {
      diagnostics_.error({file_.path, 1, 1, ""}, "the section [data] is missing",
                         base::suggestion("", data::layout_names(), "it says where the data is; known layouts"));
      return;
    }
    const Value* layout_name = table->find("layout");
    const std::vector<std::string> known = data::layout_names();
    layout_ =
        layout_name != nullptr && layout_name->text() != nullptr ? data::find_layout(*layout_name->text()) : nullptr;
    if (layout_ == nullptr) {
      const Origin place = layout_name != nullptr ? layout_name->origin : file_.table.find("data")->origin;
      const std::string word = layout_name != nullptr && layout_name->text() != nullptr ? *layout_name->text() : "";
      diagnostics_.error(
          place, word.empty() ? "'data.layout' is missing or not a text" : "there is no data layout '" + word + "'",
          base::suggestion(word, known, "known layouts"));
      return;
    }
    experiment_.data.layout = layout_->name;
    experiment_.settings.push_back({"data.layout", {layout_->name, layout_name->origin}, "how the data is stored"});
    experiment_.data.parameters =
        read_settings(*table, "data", layout_->parameters, {"layout"}, folder(), diagnostics_, experiment_.settings);
  }

  void read_prompts() {
    static const Table kEmpty;
    const Table* table = section("prompts");
    experiment_.prompts = read_settings(table != nullptr ? *table : kEmpty, "prompts", data::prompt_parameters(), {},
                                        folder(), diagnostics_, experiment_.settings);
  }

  void refuse_sections_of_images() {
    for (const char* name : {"encoder", "prompts"}) {
      if (section(name) == nullptr) continue;
      diagnostics_.error(
          file_.table.find(name)->origin,
          "[" + std::string(name) + "] has nothing to encode: layout \"" + layout_->name + "\" already holds features",
          "remove [" + std::string(name) + "]");
    }
  }

  static SearchedPlugin searched(const plugins::LoadedPlugin& plugin) {
    return {plugin.descriptor->kind, section_parameters(*plugin.descriptor)};
  }

  void read_search() {
    if (section("search") == nullptr || !plugin_error_.empty()) return;
    std::vector<SearchedPlugin> plugins;
    for (const PluginChoice* choice : {&experiment_.selector, &experiment_.relation, &experiment_.head}) {
      if (choice->plugin == nullptr) return;
      plugins.push_back(searched(*choice->plugin));
    }
    std::vector<SearchedPlugin> installed;
    for (const plugins::LoadedPlugin& plugin : registry_.plugins()) installed.push_back(searched(plugin));
    experiment_.search = config::read_search(*file_.table.find("search"), plugins, installed, folder(), diagnostics_,
                                             experiment_.settings);
  }

  PluginChoice read_plugin(PluginKind kind, const std::string& fallback) {
    const std::string name = plugins::kind_name(kind);
    const Table* table = section(name);
    if (table == nullptr && file_.table.find(name) != nullptr) return {};
    if (table == nullptr && fallback.empty()) {
      diagnostics_.error({file_.path, 1, 1, ""}, "the section [" + name + "] is missing",
                         base::suggestion("", registry_.names(kind), "it names a plugin; known " + name + " plugins"));
      return {};
    }
    static const Table kEmpty;
    const Table& present = table == nullptr ? kEmpty : *table;
    const Value* chosen = present.find("plugin");
    if (table != nullptr && (chosen == nullptr || chosen->text() == nullptr)) {
      diagnostics_.error(chosen != nullptr ? chosen->origin : file_.table.find(name)->origin,
                         "'" + name + ".plugin' is missing or not a text",
                         base::suggestion("", registry_.names(kind), "known " + name + " plugins"));
      return {};
    }
    return read_plugin_values(kind, chosen != nullptr ? *chosen->text() : fallback,
                              chosen != nullptr ? chosen->origin : Origin{}, present);
  }

  PluginChoice read_plugin_values(PluginKind kind, const std::string& plugin_name, const Origin& origin,
                                  const Table& table) {
    const std::string section_name = plugins::kind_name(kind);
    PluginChoice choice;
    choice.named_at = origin.is_default() ? "the default of [" + section_name + "]" : origin.text();
    try {
      choice.plugin = registry_.find(kind, plugin_name);
    } catch (const PluginError& error) {
      note_plugin_error(Diagnostic{origin, error.what(), ""}.text());
      return choice;
    }
    if (choice.plugin == nullptr) {
      note_plugin_error(Diagnostic{origin, registry_.why_missing(kind, plugin_name), ""}.text());
      return choice;
    }
    experiment_.settings.push_back(
        {section_name + ".plugin", {plugin_name, origin}, choice.plugin->descriptor->summary});
    choice.parameters = read_settings(table, section_name, section_parameters(*choice.plugin->descriptor), {"plugin"},
                                      folder(), diagnostics_, experiment_.settings);
    if (keeps_some(*choice.plugin->descriptor) && choice.parameters.values().count("q") > 0) {
      experiment_.q = choice.parameters.integer("q");
      experiment_.q_origin = table.find("q")->origin;
    }
    return choice;
  }

  void note_plugin_error(const std::string& text) { plugin_error_ += (plugin_error_.empty() ? "" : "\n") + text; }

  const ExperimentFile& file_;
  const plugins::Registry& registry_;
  const data::Layout* layout_ = nullptr;
  Diagnostics diagnostics_;
  std::string plugin_error_;
  Experiment experiment_;
};

}  // namespace

bool has_head(const Experiment& experiment) {
  return std::string_view(experiment.head.plugin->descriptor->name) != "none";
}

double value_of(const Experiment& experiment, const SearchAxis& axis) {
  const ParameterValue& value = choice_of(experiment, axis.kind).parameters.values().at(axis.parameter);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
}

void set_value(Experiment& experiment, const SearchAxis& axis, double value) {
  PluginChoice& choice = choice_of(experiment, axis.kind);
  Parameters::Values values = choice.parameters.values();
  const auto whole = static_cast<std::int64_t>(std::llround(value));
  values[axis.parameter] = axis.whole ? ParameterValue(whole) : ParameterValue(value);
  choice.parameters = Parameters(std::move(values));
  if (axis.key == "selector.q") experiment.q = whole;
}

std::vector<Parameter> section_parameters(const PluginDescriptor& descriptor) {
  std::vector<Parameter> declared;
  if (keeps_some(descriptor)) {
    declared.push_back(
        parameter::required(parameter::integer("q", 0, {1, 1e9}, "Q, how many channels to keep, 1 to D")));
  }
  declared.insert(declared.end(), descriptor.parameters, descriptor.parameters + descriptor.parameter_count);
  return declared;
}

ExperimentFile load_experiment_file(const std::filesystem::path& path, const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  ExperimentFile file{path, load_merged(path, overrides, diagnostics), {}};
  diagnostics.throw_if_any();
  if (const Value* folders = file.table.find("plugin_path")) {
    Table only;
    only.set({"plugin_path", folders->origin, *folders});
    std::vector<Setting> ignored;
    const Parameters parameters = read_settings(only, "", {kPluginPath}, {}, path.parent_path(), diagnostics, ignored);
    diagnostics.throw_if_any();
    file.plugin_path = parameters.list("plugin_path");
  }
  return file;
}

Experiment resolve(const ExperimentFile& file, const plugins::Registry& registry) {
  return Resolver(file, registry).resolve();
}

PluginChoice choose_plugin(PluginKind kind, const std::string& name, const std::vector<std::string>& values,
                           const plugins::Registry& registry) {
  const plugins::LoadedPlugin* plugin = registry.find(kind, name);
  if (plugin == nullptr) throw PluginError(registry.why_missing(kind, name));
  return configure(*plugin, values, "--plugin " + name);
}

PluginChoice configure(const plugins::LoadedPlugin& plugin, const std::vector<std::string>& values,
                       const std::string& named_at) {
  const PluginDescriptor& descriptor = *plugin.descriptor;
  Diagnostics diagnostics;
  std::vector<Setting> ignored;
  const Parameters parameters =
      read_settings(override_table(values, diagnostics), plugins::kind_name(descriptor.kind),
                    {descriptor.parameters, descriptor.parameters + descriptor.parameter_count}, {},
                    std::filesystem::current_path(), diagnostics, ignored);
  diagnostics.throw_if_any();
  return {&plugin, parameters, named_at};
}

std::string to_toml(const Experiment& experiment) {
  std::string text;
  std::string section;
  for (const Setting& setting : experiment.settings) {
    const std::size_t dot = setting.key.find('.');
    const std::string its_section = dot == std::string::npos ? "" : setting.key.substr(0, dot);
    if (its_section != section) {
      section = its_section;
      text += "\n[" + section + "]\n";
    }
    text += setting.key.substr(dot == std::string::npos ? 0 : dot + 1) + " = " + toml_text(setting.value) + "\n";
  }
  return text;
}

}  // namespace trefoil::config
