#include "run/required_files.h"

#include <fmt/format.h>

#include "base/errors.h"

namespace trefoil::run {

void require_present(const config::Experiment& experiment) {
  std::string missing;
  const auto require = [&](const std::string& key, const std::string& path) {
    if (!path.empty() && !std::filesystem::exists(path)) missing += fmt::format("  {} = {}\n", key, path);
  };
  require("data.root", experiment.data.parameters.text("root"));
  const PluginDescriptor& encoder = *experiment.plugin(PluginKind::encoder)->plugin->descriptor;
  for (std::size_t i = 0; i < encoder.parameter_count; ++i) {
    const char* name = encoder.parameters[i].name;
    if (encoder.parameters[i].type == ParameterType::path) {
      require(std::string("encoder.") + name, experiment.plugin(PluginKind::encoder)->parameters.text(name));
    }
  }
  if (missing.empty()) return;
  const std::string needs = experiment.needs.empty() ? "" : "\nthis experiment needs " + experiment.needs;
  throw DataError("files are missing:\n" + missing.substr(0, missing.size() - 1) + needs);
}

}  // namespace trefoil::run
