// The built-in plugins, loaded from their libraries as the runner loads them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/registry.h"
#include "trefoil/head.h"
#include "trefoil/parameters.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"

namespace tests {

// A host that ignores all reports.
class SilentHost final : public trefoil::Host {
 public:
  explicit SilentHost(std::uint64_t seed, int threads = 2) : seed_(seed), threads_(threads) {}

  std::uint64_t seed() const override { return seed_; }
  int threads() const override { return threads_; }
  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(std::int64_t /*done*/, std::int64_t /*total*/) override {}
  void metric(const std::string& /*name*/, double /*value*/) override {}
  std::string file_sha256(const std::filesystem::path& file) override;

 private:
  std::uint64_t seed_;
  int threads_;
};

using Overrides = std::vector<std::pair<const char*, trefoil::ParameterValue>>;

const trefoil::runtime::Registry& registry();

std::unique_ptr<trefoil::Plugin> make_plugin(trefoil::PluginKind kind, const std::string& name, Overrides overrides,
                                             std::uint64_t seed);

// The first `count` channels, as if a selector had found all channels equally good.
trefoil::Channels first_channels(const trefoil::Support& support, std::int64_t count);

// The score of a selector plugin, with every parameter at its default except `overrides`.
torch::Tensor score(const std::string& selector, const trefoil::Support& support, Overrides overrides = {},
                    std::uint64_t seed = 1);

trefoil::Classifier relate(const std::string& relation, const trefoil::Support& support,
                           const trefoil::Channels& channels, Overrides overrides = {});

}  // namespace tests
