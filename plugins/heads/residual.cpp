// A trained residual Res [C, Q] on the selected channels, shared by a class's text and its cached images (APE-T, Zhu et
// al., ICCV 2023): W̃ = W + Pad(Res), F̃ = F + Expand(Res), starting from 0.
//   paper: the keys are the relation's, and so are their weights
//   code:  as APE-T's code; the keys are the support images in all channels, with weights that are trained too, from 1
//          unless the relation gives some
// A relation without keys has its text trained alone.
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <trefoil/head.h>

#include "training/parameters.h"
#include "training/residual_objective.h"
#include "training/session.h"

namespace {

namespace training = trefoil::training;

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::choice("variant", "paper|code",
                               "the relation's keys with their weights, or all channels with trained weights"),
    training::learning_rate(3e-4),
    training::epochs(30, {10, 40, 4}),
    training::weight_decay(0.1),
    training::epsilon(1e-3),
    training::kOwnKey,
    training::kBatch,
};

class Residual final : public trefoil::Head {
 public:
  explicit Residual(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& channels) const override {
    const training::Settings settings = training::settings_of(parameters_, host().seed());
    const bool code = parameters_.text("variant") == "code" && start.key_count() > 0;
    const trefoil::Classifier base = code ? as_in_code(start, support) : start;
    if (!training::can_train(host(), base, support, settings.masked)) return start;

    const torch::Tensor columns = start.channels.defined() ? start.channels : channels.index;
    const torch::Tensor residual = torch::zeros({start.class_count(), columns.size(0)}, start.text.options());
    training::ResidualObjective::Options options;
    options.detail = base.key_count() == 0 ? training::Detail::text
                     : code                ? training::Detail::kernels
                                           : training::Detail::sums;
    options.masked = settings.masked;
    options.weight_decay = settings.weight_decay;
    options.epsilon = settings.epsilon;
    training::Workers workers(host().threads());
    const training::Examples examples(support);
    training::ResidualObjective objective(base, examples, options, workers);
    training::train_matrix(host(), residual, examples, columns, objective, settings, workers);
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

  // residual [C, Q] for the columns [Q] of the text, and of the keys unless they hold just these columns.
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

TREFOIL_HEAD(Residual, "residual", "1.0.0", "Trains a residual of text and cached images in the selected channels",
             kParameters)
