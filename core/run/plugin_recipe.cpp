#include "run/plugin_recipe.h"

#include <algorithm>

#include "base/errors.h"
#include "config/resolve.h"
#include "config/settings.h"
#include "runtime/plugin_kinds.h"

namespace trefoil::run {

std::vector<std::string> settings_of(const Parameters& parameters) {
  std::vector<std::string> settings;
  for (const auto& [name, value] : parameters.values()) {
    settings.push_back(name + "=" + config::toml_lines_text(config::file_value(value, {})));
  }
  return settings;
}

void require_allowed_code(const runtime::LoadedPlugin& plugin, const std::string& model, bool allow_code) {
  const PluginDescriptor& descriptor = *plugin.descriptor;
  const std::vector<Parameter> declared = config::section_parameters(descriptor);
  const bool has_program =
      std::any_of(declared.begin(), declared.end(), [](const Parameter& parameter) { return parameter.program; });
  if (!has_program || allow_code) return;
  throw DataError(model + ": the model contains a program of the " + runtime::kind_name(descriptor.kind) + " " +
                  descriptor.name +
                  ", which computes its logits; use --allow-code if you trust the author of the model");
}

}  // namespace trefoil::run
