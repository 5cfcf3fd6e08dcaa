// Tip-Adapter-F (Zhang et al., ECCV 2022): the keys of the relation are trained themselves, from where they are.
#include <trefoil/head.h>

#include <stdexcept>

#include "training/key_objective.h"
#include "training/parameters.h"
#include "training/session.h"

namespace {

namespace training = trefoil::training;

constexpr trefoil::Parameter kParameters[] = {
    training::learning_rate(1e-3),
    training::epochs(20, {5, 20, 4}),
    training::weight_decay(0.01),
    training::epsilon(1e-4),
    training::kOwnKey,
    training::kBatch,
};

class TipF final : public trefoil::Head {
 public:
  explicit TipF(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const training::Settings settings = training::settings_of(parameters_, host().seed());
    if (!training::can_train(host(), start, support, settings.masked)) return start;
    if (start.key_count() == 0) {
      throw std::invalid_argument(
          "the relation has no keys, and tip_f trains nothing else: use the relation tip or ape, "
          "or the head text_residual");
    }
    trefoil::Classifier classifier = start;
    classifier.keys = start.keys.clone(torch::MemoryFormat::Contiguous);
    training::Workers workers(host().threads());
    const training::Examples examples(support);
    training::KeyObjective objective(start, examples, settings.masked, workers);
    training::train_matrix(host(), classifier.keys, examples, start.channels, objective, settings, workers);
    host().metric("residual_norm", (classifier.keys - start.keys).norm().item<double>());
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(TipF, "tip_f", "1.0.0", "Trains the cached images' keys themselves (Tip-Adapter-F)", kParameters)
