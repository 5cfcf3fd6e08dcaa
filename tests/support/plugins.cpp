#include "support/plugins.h"

#include <ATen/ops/ones.h>

#include <stdexcept>

#include "base/sha256.h"
#include "config/settings.h"
#include "runtime/declared_parameters.h"

namespace tests {

std::string SilentHost::file_sha256(const std::filesystem::path& file) { return trefoil::base::sha256_of_file(file); }

const trefoil::runtime::Registry& registry() {
  static const trefoil::runtime::Registry loaded({TREFOIL_TEST_PLUGINS});
  return loaded;
}

std::unique_ptr<trefoil::Plugin> make_plugin(trefoil::PluginKind kind, const std::string& name, Overrides overrides,
                                             std::uint64_t seed) {
  const trefoil::runtime::LoadedPlugin* plugin = registry().find(kind, name);
  if (plugin == nullptr) throw std::runtime_error(registry().why_missing(kind, name));
  trefoil::Parameters::Values values;
  const auto add = [&](const trefoil::Parameter& declared) {
    values[declared.name] = trefoil::config::default_value(declared);
    for (const auto& [key, value] : overrides) {
      if (declared.name == std::string(key)) values[key] = value;
    }
  };
  const trefoil::PluginDescriptor& descriptor = *plugin->descriptor;
  for (const trefoil::Parameter& declared : trefoil::runtime::constant_parameters(descriptor)) add(declared);
  if (descriptor.declare != nullptr) {
    const trefoil::ParameterList further = descriptor.declare(trefoil::Parameters(values));
    for (const trefoil::Parameter& declared : further.all()) add(declared);
  }
  for (const auto& [key, value] : overrides) {
    if (values.count(key) == 0) throw std::runtime_error(name + " has no parameter " + key);
  }
  std::unique_ptr<trefoil::Plugin> object = descriptor.create(trefoil::Parameters(std::move(values)));
  static SilentHost hosts[] = {SilentHost(1), SilentHost(2)};
  object->attach(hosts[seed == 1 ? 0 : 1]);
  return object;
}

trefoil::Channels first_channels(const trefoil::Support& support, std::int64_t count) {
  return trefoil::keep_best(torch::ones({support.width()}), count);
}

torch::Tensor score(const std::string& selector, const trefoil::Support& support, Overrides overrides,
                    std::uint64_t seed) {
  const auto object = make_plugin(trefoil::PluginKind::selector, selector, std::move(overrides), seed);
  return dynamic_cast<const trefoil::Selector&>(*object).score(support);
}

trefoil::Classifier relate(const std::string& relation, const trefoil::Support& support,
                           const trefoil::Channels& channels, Overrides overrides) {
  const auto object = make_plugin(trefoil::PluginKind::relation, relation, std::move(overrides), 1);
  return dynamic_cast<const trefoil::Relation&>(*object).relate(support, channels);
}

}  // namespace tests
