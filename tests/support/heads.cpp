#include "support/heads.h"

#include <ATen/ops/ones.h>

namespace tests {

trefoil::Channels all_channels() { return trefoil::keep_best(torch::ones({32}), 32); }

trefoil::Classifier train_head(const char* name, const trefoil::Classifier& start, const trefoil::Support& support,
                               Overrides overrides, int threads) {
  SilentHost host(/*seed=*/1, threads);
  const auto plugin = make_plugin(trefoil::PluginKind::head, name, std::move(overrides), 1);
  plugin->attach(host);
  return dynamic_cast<const trefoil::Head&>(*plugin).train(start, support, all_channels());
}

}  // namespace tests
