// The built-in plugins, loaded from their libraries as the runner loads them.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "plugins/registry.h"
#include "trefoil/parameters.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"

namespace tests {

using Overrides = std::initializer_list<std::pair<const char*, trefoil::ParameterValue>>;

const trefoil::plugins::Registry& registry();

std::unique_ptr<trefoil::Plugin> make_plugin(trefoil::PluginKind kind, const std::string& name, Overrides overrides,
                                             std::uint64_t seed);

// Its score of a support, with every parameter at its default but those given.
torch::Tensor score(const std::string& selector, const trefoil::Support& support, Overrides overrides = {},
                    std::uint64_t seed = 1);

trefoil::Classifier relate(const std::string& relation, const trefoil::Support& support,
                           const trefoil::Channels& channels, Overrides overrides = {});

}  // namespace tests
