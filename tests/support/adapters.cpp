#include "support/adapters.h"

namespace tests {

trefoil::Classifier zero_shot(const trefoil::Support& support) {
  trefoil::Classifier classifier;
  classifier.text = support.text;
  return classifier;
}

std::unique_ptr<trefoil::Plugin> make_adapter(const std::string& name, Overrides overrides) {
  return make_plugin(trefoil::PluginKind::adapter, name, std::move(overrides), 1);
}

torch::Tensor adapted_logits(const std::string& name, const trefoil::Classifier& classifier,
                             const trefoil::Support& support, const torch::Tensor& rows, Overrides overrides,
                             int threads) {
  SilentHost host(/*seed=*/1, threads);
  const auto plugin = make_adapter(name, std::move(overrides));
  plugin->attach(host);
  const MemoryQueries queries(rows);
  const trefoil::Adapted adapted = dynamic_cast<const trefoil::Adapter&>(*plugin).adapt(
      classifier, support, first_channels(support, support.width()), queries);
  return adapted.logits ? adapted.logits(0, rows.size(0)).clone() : adapted.classifier.logits(rows);
}

}  // namespace tests
