#include "config/plugin_settings.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"
#include "config/text_place.h"
#include "runtime/declared_parameters.h"
#include "runtime/instance.h"

namespace trefoil::config {

namespace {

using OriginOf = std::map<std::string, Origin>;  // of the values, by parameter

// A --set with a text of many lines is named by its key.
Origin without_value(Origin origin) {
  const std::size_t equals = origin.override_text.find('=');
  if (origin.override_text.find('\n') != std::string::npos) origin.override_text.resize(equals);
  return origin;
}

// The mistake with its place: in the file if that is known, and otherwise in words.
Diagnostic diagnostic_of(const ParameterError& mistake, const std::string& message, const OriginOf& origins) {
  const auto found = origins.find(mistake.parameter());
  const Origin text = found == origins.end() ? Origin{} : found->second;
  const Origin place = place_in_text(text, mistake.line(), mistake.column());
  if (!text.file.empty() || mistake.line() == 0) return {place, message, mistake.cure()};
  const std::string words = "line " + std::to_string(mistake.line()) + ", column " + std::to_string(mistake.column()) +
                            " of '" + mistake.parameter() + "': ";
  return {without_value(place), words + message, mistake.cure()};
}

class SectionReader {
 public:
  SectionReader(const runtime::LoadedPlugin& plugin, const PluginSection& section, const std::filesystem::path& folder,
                Diagnostics& diagnostics, std::vector<Setting>& settings)
      : plugin_(plugin),
        section_(section),
        folder_(folder),
        diagnostics_(diagnostics),
        settings_(settings),
        table_(section.table),
        constant_(runtime::constant_parameters(*plugin.descriptor)) {}

  std::optional<runtime::PluginChoice> read() {
    std::vector<Parameter> all = section_.of_host;
    all.insert(all.end(), constant_.begin(), constant_.end());
    choice_.plugin = &plugin_;
    choice_.named_at = section_.named_at;
    for (const Parameter& declared : all) choice_.declared.add(declared);
    const bool all_known = take_program() && declare_further();
    choice_.parameters = read(choice_.declared.all(), all_known ? section_.owned : every_key());
    choice_.explain = [origins = origins(), name = label()](const ParameterError& mistake, const std::string& what) {
      return diagnostic_of(mistake, name + ": " + what + ": " + mistake.what(), origins).text();
    };
    return all_known ? std::optional(std::move(choice_)) : std::nullopt;
  }

 private:
  std::string label() const {
    return std::string(runtime::kind_name(plugin_.descriptor->kind)) + "/" + plugin_.descriptor->name;
  }

  // Keys that may belong to a parameter that could not be declared are not reported as unknown.
  std::vector<std::string> every_key() const {
    std::vector<std::string> keys = section_.owned;
    for (const Entry& entry : table_.entries()) keys.push_back(entry.key);
    return keys;
  }

  Parameters read(const std::vector<Parameter>& declared, const std::vector<std::string>& owned) {
    return read_settings(table_, section_.name, declared, owned, folder_, diagnostics_, settings_);
  }

  OriginOf origins() const {
    OriginOf result;
    for (const Entry& entry : table_.entries()) result[entry.key] = entry.value.origin;
    return result;
  }

  // Replaces the key `file` by the program's text. Returns false and reports a mistake when it cannot.
  bool take_program() {
    const auto program =
        std::find_if(constant_.begin(), constant_.end(), [](const Parameter& each) { return each.program; });
    const Value* file = table_.find(runtime::kProgramFileKey);
    if (program == constant_.end() || file == nullptr) return true;
    const Value named = *file;
    const std::string key = section_.name + "." + runtime::kProgramFileKey;
    if (table_.find(program->name) != nullptr) {
      diagnostics_.error(named.origin, "'" + key + "' and '" + section_.name + "." + program->name + "' are both set",
                         "give the program in one of them");
      return false;
    }
    if (named.text() == nullptr) {
      diagnostics_.error(named.origin, "'" + key + "' must be a path; got " + named.type_name(), program->help);
      return false;
    }
    const std::filesystem::path path = absolute_path(*named.text(), named.origin.folder());
    try {
      Value text{base::read_text(path), {path, 1, 1, ""}};
      table_.erase(runtime::kProgramFileKey);
      table_.set({program->name, named.origin, std::move(text)});
      return true;
    } catch (const Error& error) {
      diagnostics_.error(named.origin, error.what(), "the path is relative to the file that sets it");
      return false;
    }
  }

  // Adds the parameters that depend on the values of the constant ones. Returns false and reports a mistake when they
  // cannot be known.
  bool declare_further() {
    if (plugin_.descriptor->declare == nullptr) return true;
    Diagnostics problems;  // the last reading reports them
    std::vector<Setting> ignored;
    const Parameters given = read_settings(table_, section_.name, constant_, every_key(), folder_, problems, ignored);
    if (!problems.empty()) return false;
    std::optional<ParameterError> mistake;
    const std::string description = runtime::description(plugin_, section_.named_at);
    const ParameterList further = runtime::guarded(description, "declare", [&] {
      try {
        return plugin_.descriptor->declare(given);
      } catch (const ParameterError& error) {
        mistake = error;
        return ParameterList();
      }
    });
    if (mistake) {
      const Diagnostic found = diagnostic_of(*mistake, mistake->what(), origins());
      diagnostics_.error(found.origin, found.message, found.cure);
      return false;
    }
    for (const Parameter& declared : further.all()) choice_.declared.add(declared);
    return accept_declared();
  }

  bool accept_declared() {
    std::vector<Parameter> of_plugin = choice_.declared.all();
    of_plugin.erase(of_plugin.begin(), of_plugin.begin() + static_cast<std::ptrdiff_t>(section_.of_host.size()));
    const auto refusal = runtime::parameter_refusal(plugin_.descriptor->kind, of_plugin);
    if (!refusal) return true;
    diagnostics_.error(table_.entries().empty() ? Origin{} : table_.entries().front().key_origin,
                       label() + ": " + *refusal);
    return false;
  }

  const runtime::LoadedPlugin& plugin_;
  const PluginSection& section_;
  const std::filesystem::path& folder_;
  Diagnostics& diagnostics_;
  std::vector<Setting>& settings_;
  Table table_;
  std::vector<Parameter> constant_;
  runtime::PluginChoice choice_;
};

}  // namespace

std::optional<runtime::PluginChoice> read_plugin_settings(const runtime::LoadedPlugin& plugin,
                                                          const PluginSection& section,
                                                          const std::filesystem::path& folder, Diagnostics& diagnostics,
                                                          std::vector<Setting>& settings) {
  return SectionReader(plugin, section, folder, diagnostics, settings).read();
}

}  // namespace trefoil::config
