// Trains a residual Res [C, Q] in the selected channels. A class's text and its cached images share it (APE-T, Zhu et
// al., ICCV 2023): W̃ = W + Pad(Res), F̃ = F + Expand(Res), starting from 0.
//   paper: keeps the relation's keys and their weights
//   code:  as in APE-T's code: the keys are the support images in all channels, and their weights are trained too; the
//          weights start from the relation's, or from 1
// If the relation has no keys, only the text is trained.
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <trefoil/head.h>

#include "training/parameters.h"
#include "training/residual_objective.h"
#include "training/session.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::choice("variant", "paper|code",
                               "paper: the relation's keys and weights; code: keys in all channels, trained weights"),
    head_training::learning_rate(3e-4),
    head_training::epochs(30, {10, 40, 4}),
    head_training::weight_decay(0.1),
    head_training::epsilon(1e-3),
    head_training::kOwnKey,
    head_training::kBatch,
};

class Residual final : public trefoil::Head {
 public:
  explicit Residual(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& channels) const override {
    const head_training::Settings settings = head_training::settings_of(parameters_, host().seed());
    const bool code = parameters_.text("variant") == "code" && start.key_count() > 0;
    const trefoil::Classifier base = code ? as_in_code(start, support) : start;
    if (!head_training::can_train(host(), base, support, settings.masked)) return start;

    const torch::Tensor columns = start.channels.defined() ? start.channels : channels.index;
    const torch::Tensor residual = torch::zeros({start.class_count(), columns.size(0)}, start.text.options());
    head_training::ResidualObjective::Options options;
    options.cache_terms = base.key_count() == 0 ? head_training::CacheTerms::none
                          : code                ? head_training::CacheTerms::by_key
                                                : head_training::CacheTerms::by_class;
    options.masked = settings.masked;
    options.weight_decay = settings.weight_decay;
    options.epsilon = settings.epsilon;
    parallel::Workers workers(host().threads());
    const head_training::Examples examples(support);
    head_training::ResidualObjective objective(base, examples, options, workers);
    head_training::train_matrix(host(), residual, examples, columns, objective, settings, workers);
    host().metric("residual_norm", residual.norm().item<double>());
    return with_residual(base, residual, columns);
  }

 private:
  static trefoil::Classifier as_in_code(const trefoil::Classifier& start, const trefoil::Support& support) {
    trefoil::Classifier classifier = start;
    classifier.keys = support.images;
    classifier.labels = support.labels;
    if (!start.weight.defined()) classifier.weight = torch::ones({support.image_count()}, support.images.options());
    classifier.divergence = torch::Tensor();
    classifier.gamma = 0;
    classifier.channels = torch::Tensor();
    classifier.renormalise = false;
    return classifier;
  }

  // Adds residual [C, Q] to the columns [Q] of the text and of the keys. Keys that hold only these columns get it in
  // all their columns.
  static trefoil::Classifier with_residual(const trefoil::Classifier& base, const torch::Tensor& residual,
                                           const torch::Tensor& columns) {
    trefoil::Classifier classifier = base;
    classifier.text = base.text.index_add(/*dim=*/1, columns, residual);
    if (base.key_count() == 0) return classifier;
    const torch::Tensor of_keys = residual.index_select(0, base.labels);
    classifier.keys = base.channels.defined() ? base.keys + of_keys : base.keys.index_add(/*dim=*/1, columns, of_keys);
    return classifier;
  }

  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(Residual, "residual", "1.0.0",
             "Trains a residual of texts and cached images in the selected channels (APE-T)", kParameters)
