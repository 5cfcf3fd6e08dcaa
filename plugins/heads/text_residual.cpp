// Trains a residual Res [C, D] of the texts alone, in all channels: W̃ = W + Res, starting from 0 (TaskRes, Yu et al.,
// CVPR 2023). The cache logits count in the loss, but the cache is not trained.
#include <ATen/ops/zeros_like.h>
#include <trefoil/head.h>

#include "training/parameters.h"
#include "training/residual_objective.h"
#include "training/session.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    head_training::learning_rate(3e-4),
    head_training::epochs(100, {25, 100, 4}),
    head_training::weight_decay(0.1),
    head_training::epsilon(1e-3),
    head_training::kOwnKey,
    head_training::kBatch,
};

class TextResidual final : public trefoil::Head {
 public:
  explicit TextResidual(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const head_training::Settings settings = head_training::settings_of(parameters_, host().seed());
    if (!head_training::can_train(host(), start, support, settings.masked)) return start;

    const torch::Tensor residual = torch::zeros_like(start.text);
    head_training::ResidualObjective::Options options;
    options.cache_terms =
        start.key_count() == 0 ? head_training::CacheTerms::none : head_training::CacheTerms::in_logits;
    options.masked = settings.masked;
    parallel::Workers workers(host().threads());
    const head_training::Examples examples(support);
    head_training::ResidualObjective objective(start, examples, options, workers);
    head_training::train_matrix(host(), residual, examples, /*columns=*/{}, objective, settings, workers);
    host().metric("residual_norm", residual.norm().item<double>());

    trefoil::Classifier classifier = start;
    classifier.text = start.text + residual;
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(TextResidual, "text_residual", "1.0.0", "Trains a residual of the texts in all channels", kParameters)
