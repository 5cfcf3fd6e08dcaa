#include "config/resolve.h"

#include "base/errors.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "config/merge.h"
#include "config/plugin_key.h"
#include "config/plugin_settings.h"
#include "config/toml.h"
#include "data/layout.h"
#include "data/prompts.h"
#include "runtime/declared_parameters.h"

namespace trefoil::config {

namespace {

constexpr Parameter kName =
    parameter::text("name", "", "name of the folder of the run; \"\": the name of the file without .toml");
constexpr Parameter kSeed = parameter::integer("seed", 1, {0, 9007199254740992}, "seed for everything random");
constexpr Parameter kPluginPath = parameter::path_list("plugin_path", "more folders with plugins");

constexpr Parameter kNeeds = parameter::text(
    "needs", "", "what the experiment needs before it can run, and what to run instead; shown when it is missing");

// Returns the sections of an experiment file. The last four are only in files with many experiments, and `with_job`
// removes them. They are listed so that a mistyped section gets a suggestion.
std::vector<std::string> section_names() {
  std::vector<std::string> names = {"data", "prompts"};
  for (const runtime::KindTraits& kind : runtime::plugin_kinds()) names.emplace_back(kind.name);
  for (const char* name : {"search", "ablation", "sweep", "launcher", "report"}) names.emplace_back(name);
  return names;
}

// Returns the parameters of the section that belong to Trefoil, such as q.
std::vector<Parameter> host_parameters(const runtime::KindTraits& kind) {
  return {kind.host_parameters, kind.host_parameters + kind.host_parameter_count};
}

class Resolver {
 public:
  Resolver(const ExperimentFile& file, const runtime::Registry& registry) : file_(file), registry_(registry) {}

  Experiment resolve() {
    experiment_.file = file_.path;
    read_top_level();
    read_data();
    const bool holds_images = layout_ != nullptr && layout_->holds_images();
    if (layout_ != nullptr && !holds_images) refuse_sections_of_images();
    for (const runtime::KindTraits& kind : runtime::plugin_kinds()) {
      if (!kind.only_for_images) {
        read_plugin(kind);
      } else if (holds_images) {
        read_plugin(kind);
        read_prompts();
      }
    }
    read_search();
    throw_if_any();
    return std::move(experiment_);
  }

 private:
  void throw_if_any() const {
    diagnostics_.throw_if_any();
    if (!plugin_error_.empty()) throw PluginError(plugin_error_);
  }

  // Relative paths in defaults start from this folder.
  std::filesystem::path folder() const { return std::filesystem::absolute(file_.path).parent_path(); }

  // Checks a table against declared parameters, and notes where each value comes from.
  Parameters read(const Table& table, const std::string& section, const std::vector<Parameter>& declared,
                  const std::vector<std::string>& owned) {
    std::vector<Setting> settings;
    Parameters parameters = read_settings(table, section, declared, owned, folder(), diagnostics_, settings);
    for (Setting& setting : settings) add_source(std::move(setting));
    return parameters;
  }

  void add_source(Setting setting) {
    experiment_.sources.push_back({std::move(setting.key), setting.value.origin, std::move(setting.help)});
  }

  void read_top_level() {
    const Parameters parameters = read(file_.table, "", {kName, kSeed, kPluginPath, kNeeds}, section_names());
    if (!diagnostics_.empty()) return;
    experiment_.name = parameters.text("name").empty() ? file_.path.stem().string() : parameters.text("name");
    experiment_.seed = static_cast<std::uint64_t>(parameters.integer("seed"));
    experiment_.plugin_path = parameters.list("plugin_path");
    experiment_.needs = parameters.text("needs");
    if (experiment_.name.find('/') != std::string::npos || base::starts_with(experiment_.name, ".") ||
        base::has_control_character(experiment_.name) || !base::is_utf8(experiment_.name)) {
      diagnostics_.error(experiment_.sources.front().origin,
                         "'name' cannot be the name of a folder; got " + toml_quoted(experiment_.name),
                         "use a name in UTF-8 without '/', without a leading '.', and without control characters");
    }
  }

  // Returns the section, or nullptr when there is none. Reports a key that is not a table.
  const Table* section(const std::string& name) {
    const Value* value = file_.table.find(name);
    if (value == nullptr) return nullptr;
    if (value->table() == nullptr) {
      diagnostics_.error(value->origin, "'" + name + "' must be a section; got " + value->type_name(),
                         "write [" + name + "]");
    }
    return value->table();
  }

  void read_data() {
    const Table* table = section("data");
    if (table == nullptr) {
      diagnostics_.error({file_.path, 1, 1, ""}, "the section [data] is missing",
                         base::suggestion("", data::layout_names(), "it needs 'layout'; known layouts"));
      return;
    }
    const Value* layout_name = table->find("layout");
    const std::vector<std::string> names = data::layout_names();
    layout_ =
        layout_name != nullptr && layout_name->text() != nullptr ? data::find_layout(*layout_name->text()) : nullptr;
    if (layout_ == nullptr) {
      const Origin origin = layout_name != nullptr ? layout_name->origin : file_.table.find("data")->origin;
      const std::string word = layout_name != nullptr && layout_name->text() != nullptr ? *layout_name->text() : "";
      diagnostics_.error(
          origin, word.empty() ? "'data.layout' is missing or not a text" : "there is no data layout '" + word + "'",
          base::suggestion(word, names, "known layouts"));
      return;
    }
    experiment_.data.layout = layout_->name;
    experiment_.sources.push_back({"data.layout", layout_name->origin, "how the data is stored"});
    experiment_.data.parameters = read(*table, "data", layout_->parameters, {"layout"});
  }

  void read_prompts() {
    static const Table kEmpty;
    const Table* table = section("prompts");
    experiment_.prompts = read(table != nullptr ? *table : kEmpty, "prompts", data::prompt_parameters(), {});
  }

  void refuse_sections_of_images() {
    std::vector<std::string> names = {"prompts"};
    for (const runtime::KindTraits& kind : runtime::plugin_kinds()) {
      if (kind.only_for_images) names.emplace_back(kind.name);
    }
    for (const std::string& name : names) {
      if (section(name) == nullptr) continue;
      diagnostics_.error(file_.table.find(name)->origin,
                         "[" + name + "] has no use: the data of layout \"" + layout_->name + "\" is already encoded",
                         "remove [" + name + "]");
    }
  }

  // Reads the section of a kind, or each table of a list.
  void read_plugin(const runtime::KindTraits& kind) {
    const Value* value = file_.table.find(kind.name);
    const Array* list = value != nullptr && kind.in_a_row ? value->array() : nullptr;
    if (list == nullptr) {
      const Table* table = section(kind.name);
      if (table != nullptr) {
        read_plugin_table(kind, {kind.kind, 0}, /*in_list=*/false, *table, value->origin);
      } else if (value == nullptr) {
        leave_out_or_refuse(kind);
      } else {
        some_plugin_failed_ = true;  // `section` has reported it
      }
      return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const Value& element = (*list)[i];
      if (element.table() != nullptr) {
        read_plugin_table(kind, {kind.kind, i}, /*in_list=*/true, *element.table(), element.origin);
        continue;
      }
      diagnostics_.error(element.origin, std::string("'") + kind.name + "' must be a section, or a list of tables",
                         std::string("write [[") + kind.name + "]]");
      some_plugin_failed_ = true;
    }
    if (list->empty()) leave_out_or_refuse(kind);
  }

  void read_plugin_table(const runtime::KindTraits& kind, const PluginPlace& place, bool in_list, const Table& table,
                         const Origin& origin) {
    const std::string name = section_name(place, in_list);
    const Value* chosen = table.find("plugin");
    if (chosen == nullptr || chosen->text() == nullptr) {
      diagnostics_.error(
          chosen != nullptr ? chosen->origin : origin, "'" + name + ".plugin' is missing or not a text",
          base::suggestion("", registry_.names(kind.kind), std::string("known ") + kind.name + " plugins"));
      some_plugin_failed_ = true;
      return;
    }
    if (runtime::means_absent(kind, *chosen->text())) {
      if (in_list) {
        diagnostics_.error(chosen->origin, "a list of plugins has no plugin '" + *chosen->text() + "'",
                           "remove this table from the list");
        some_plugin_failed_ = true;
        return;
      }
      note_absent(kind, chosen->origin);
      read(table, name, {}, {"plugin"});
      return;
    }
    find_plugin(kind, name, *chosen->text(), chosen->origin, table);
  }

  void leave_out_or_refuse(const runtime::KindTraits& kind) {
    if (!runtime::absent_word(kind).empty()) {
      note_absent(kind, {});
      return;
    }
    some_plugin_failed_ = true;
    const std::string name = kind.name;
    diagnostics_.error(
        {file_.path, 1, 1, ""}, "the section [" + name + "] is missing",
        base::suggestion("", registry_.names(kind.kind), "it needs 'plugin'; known " + name + " plugins"));
  }

  void note_absent(const runtime::KindTraits& kind, const Origin& origin) {
    experiment_.sources.push_back({std::string(kind.name) + ".plugin", origin, "this stage is left out"});
  }

  void find_plugin(const runtime::KindTraits& kind, const std::string& section, const std::string& plugin_name,
                   const Origin& origin, const Table& table) {
    try {
      const runtime::LoadedPlugin* plugin = registry_.find(kind.kind, plugin_name);
      if (plugin == nullptr) throw PluginError(registry_.why_missing(kind.kind, plugin_name));
      read_plugin_section(*plugin, {table, section, {"plugin"}, host_parameters(kind), origin.text()}, origin);
    } catch (const PluginError& error) {
      note_plugin_error(Diagnostic{origin, error.what(), ""}.text());
    }
  }

  void read_plugin_section(const runtime::LoadedPlugin& plugin, const PluginSection& section, const Origin& named_at) {
    std::vector<Setting> settings;
    std::optional<runtime::PluginChoice> choice =
        read_plugin_settings(plugin, section, folder(), diagnostics_, settings);
    if (!choice) {
      some_plugin_failed_ = true;
      return;
    }
    experiment_.sources.push_back({section.name + ".plugin", named_at, plugin.descriptor->summary});
    for (Setting& setting : settings) add_source(std::move(setting));
    experiment_.plugins[plugin.descriptor->kind].push_back(std::move(*choice));
  }

  void read_search() {
    if (section("search") == nullptr || some_plugin_failed_) return;
    std::vector<SearchedPlugin> plugins;
    for (const auto& [kind, choices] : experiment_.plugins) {
      const Value* section = file_.table.find(runtime::kind_name(kind));
      const bool in_list = section->array() != nullptr;
      for (std::size_t i = 0; i < choices.size() && runtime::traits_of(kind).searched; ++i) {
        plugins.push_back({section_name({kind, i}, in_list), choices[i].declared.all()});
      }
    }
    std::vector<SearchedPlugin> installed;
    for (const runtime::LoadedPlugin& plugin : registry_.plugins()) {
      installed.push_back({runtime::kind_name(plugin.descriptor->kind), section_parameters(*plugin.descriptor)});
    }
    std::vector<Setting> settings;
    experiment_.search =
        config::read_search(*file_.table.find("search"), plugins, installed, folder(), diagnostics_, settings);
    for (Setting& setting : settings) add_source(std::move(setting));
    if (experiment_.search->head_names) read_heads(*experiment_.search->head_names);
  }

  // Reads the heads that the search compares. The experiment has the head of the section [head], or else the first.
  void read_heads(const Value& names) {
    auto& heads = experiment_.plugins[PluginKind::head];
    if (heads.size() > 1) {
      diagnostics_.error(names.origin, "'head.plugin' in [search] compares single heads, and [[head]] has a list",
                         "give [head] one head, or remove 'head.plugin' from [search]");
      return;
    }
    const bool removes_heads = heads.empty() && file_.table.find("head") != nullptr;  // plugin = "none"
    if (removes_heads) return;
    experiment_.search->heads =
        read_head_names(names, heads.empty() ? nullptr : &heads.front(), registry_, diagnostics_);
    if (heads.empty() && !experiment_.search->heads.empty()) {
      heads.push_back(experiment_.search->heads.front().choice);
    }
  }

  void note_plugin_error(const std::string& text) {
    plugin_error_ += (plugin_error_.empty() ? "" : "\n") + text;
    some_plugin_failed_ = true;
  }

  const ExperimentFile& file_;
  const runtime::Registry& registry_;
  const data::Layout* layout_ = nullptr;
  Diagnostics diagnostics_;
  std::string plugin_error_;
  bool some_plugin_failed_ = false;  // if true, the keys in [search] cannot be checked
  Experiment experiment_;
};

}  // namespace

std::vector<Parameter> section_parameters(const PluginDescriptor& descriptor) {
  std::vector<Parameter> declared = host_parameters(runtime::traits_of(descriptor.kind));
  for (const Parameter& parameter : runtime::constant_parameters(descriptor)) declared.push_back(parameter);
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

Experiment resolve(const ExperimentFile& file, const runtime::Registry& registry) {
  return Resolver(file, registry).resolve();
}

runtime::PluginChoice choose_plugin(PluginKind kind, const std::string& name, const std::vector<std::string>& values,
                                    const runtime::Registry& registry) {
  const runtime::LoadedPlugin* plugin = registry.find(kind, name);
  if (plugin == nullptr) throw PluginError(registry.why_missing(kind, name));
  return configure(*plugin, values, "--plugin " + name);
}

runtime::PluginChoice configure(const runtime::LoadedPlugin& plugin, const std::vector<std::string>& values,
                                const std::string& named_at) {
  Diagnostics diagnostics;
  std::vector<Setting> ignored;
  const Table table = override_table(values, diagnostics);
  std::optional<runtime::PluginChoice> choice =
      read_plugin_settings(plugin, {table, runtime::kind_name(plugin.descriptor->kind), {}, {}, named_at},
                           std::filesystem::current_path(), diagnostics, ignored);
  diagnostics.throw_if_any();
  return std::move(*choice);
}

}  // namespace trefoil::config
