// Virtual functions of the plugin interfaces. They are defined here, so that all libraries share one copy.
#include "trefoil/plugin.h"

#include <stdexcept>

#include "trefoil/adapter.h"
#include "trefoil/encoder.h"
#include "trefoil/head.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"

namespace trefoil {

Host::~Host() = default;
Plugin::~Plugin() = default;
Encoder::~Encoder() = default;
std::vector<std::filesystem::path> Encoder::files() const { return {}; }
std::string Encoder::variant(torch::Device /*device*/) const { return ""; }
void Encoder::check_texts(const std::vector<std::string>& /*texts*/) const {}
torch::Tensor Encoder::tokens(const std::vector<std::string>& /*texts*/) const { return {}; }
torch::Tensor Encoder::class_features(const std::vector<std::string>& /*class_names*/) const { return {}; }
Selector::~Selector() = default;
Relation::~Relation() = default;
torch::Tensor Relation::leave_one_out(const Support& /*support*/, const torch::Tensor& /*own_gain*/) const {
  return {};
}
void Relation::restore(Classifier& /*classifier*/) const {}
Head::~Head() = default;
Classifier Head::retrain(const Classifier& /*similar*/, const Classifier& start, const Support& support,
                         const Channels& channels) const {
  return train(start, support, channels);
}

torch::Tensor Head::leave_one_out(const Classifier& /*start*/, const Support& /*support*/,
                                  const Channels& /*channels*/) const {
  return {};
}

Queries::~Queries() = default;
Adapter::~Adapter() = default;
std::string Adapter::assumption() const { return ""; }
std::int64_t Adapter::queries_per_class() const { return 1; }

Host& Plugin::host() const {
  if (host_ == nullptr)
    throw std::logic_error("host() was called before attach(); a constructor of a plugin must not call it");
  return *host_;
}

}  // namespace trefoil
