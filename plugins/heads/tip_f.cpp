// Tip-Adapter-F (Zhang et al., ECCV 2022): trains the relation's keys, starting from their values.
#include <trefoil/head.h>

#include <stdexcept>

#include "training/key_objective.h"
#include "training/parameters.h"
#include "training/session.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    head_training::learning_rate(1e-3),
    head_training::epochs(20, {5, 20, 4}),
    head_training::weight_decay(0.01),
    head_training::epsilon(1e-4),
    head_training::kOwnKey,
    head_training::kBatch,
};

class TipF final : public trefoil::Head {
 public:
  explicit TipF(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const head_training::Settings settings = head_training::settings_of(parameters_, host().seed());
    if (!head_training::can_train(host(), start, support, settings.masked)) return start;
    if (start.key_count() == 0) {
      throw std::invalid_argument(
          "the relation has no keys, and tip_f trains only keys: use the relation tip or ape, or the head "
          "text_residual");
    }
    trefoil::Classifier classifier = start;
    classifier.keys = start.keys.clone(torch::MemoryFormat::Contiguous);
    parallel::Workers workers(host().threads());
    const head_training::Examples examples(support);
    head_training::KeyObjective objective(start, examples, settings.masked, workers);
    head_training::train_matrix(host(), classifier.keys, examples, start.channels, objective, settings, workers);
    host().metric("residual_norm", (classifier.keys - start.keys).norm().item<double>());
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(TipF, "tip_f", "1.0.0", "Trains the keys of the cached images (Tip-Adapter-F)", kParameters)
