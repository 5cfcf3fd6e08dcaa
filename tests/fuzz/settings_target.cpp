// The settings of a plugin that a model from outside names. The first line is the plugin as KIND/NAME, each further
// line a setting KEY=VALUE.
#include <sstream>

#include "config/resolve.h"
#include "refusal.h"
#include "runtime/plugin_kinds.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const runtime::Registry registry({TREFOIL_FUZZ_PLUGINS});
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::string kind;
  std::string name;
  std::getline(lines, kind, '/');
  std::getline(lines, name);
  std::vector<std::string> settings;
  for (std::string line; std::getline(lines, line);) settings.push_back(line);
  const runtime::KindTraits* traits = runtime::find_kind(kind);
  if (traits == nullptr) return -1;
  fuzz::read_or_refuse([&] { config::choose_plugin(traits->kind, name, settings, registry); });
  return 0;
}
