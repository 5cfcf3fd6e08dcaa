// A trained residual Res [C, D] on the texts alone, in all channels: W̃ = W + Res, starting from 0 (TaskRes, Yu et al.,
// CVPR 2023). The relation's cache stays as it is and has its say while training.
#include <ATen/ops/zeros_like.h>
#include <trefoil/head.h>

#include "training/parameters.h"
#include "training/residual_objective.h"
#include "training/session.h"

namespace {

namespace training = trefoil::training;

constexpr trefoil::Parameter kParameters[] = {
    training::learning_rate(3e-4),
    training::epochs(100, {25, 100, 4}),
    training::weight_decay(0.1),
    training::epsilon(1e-3),
    training::kOwnKey,
    training::kBatch,
};

class TextResidual final : public trefoil::Head {
 public:
  explicit TextResidual(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const training::Settings settings = training::settings_of(parameters_, host().seed());
    if (!training::can_train(host(), start, support, settings.masked)) return start;

    const torch::Tensor residual = torch::zeros_like(start.text);
    training::ResidualObjective::Options options;
    options.detail = start.key_count() == 0 ? training::Detail::text : training::Detail::logits;
    options.masked = settings.masked;
    training::Workers workers(host().threads());
    const training::Examples examples(support);
    training::ResidualObjective objective(start, examples, options, workers);
    training::train_matrix(host(), residual, examples, /*columns=*/{}, objective, settings, workers);
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
