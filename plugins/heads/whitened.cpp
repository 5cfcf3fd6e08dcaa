// Whitened logistic regression with feature noise: a convex head. It trains a residual R [C, D] of the class weights in
// whitened channels, with a ridge penalty, and with the closed-form bound of the loss under normal feature noise within
// classes (ISDA: Wang et al., NeurIPS 2019). The whitening is the covariance of Gaussian discriminant analysis:
//   logits(f) = start(f) + 10 (f − g) T Rᵀ,   T = (Σ/t)^(−½)
// See whitening/ for Σ, t, g and the loss. The result is linear; a cache of the start stays as it is, and its logits
// count in the loss.
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <trefoil/head.h>

#include "../shared/feature_noise.h"
#include "training/lbfgs.h"
#include "training/parameters.h"
#include "training/session.h"
#include "training/start_logits.h"
#include "whitening/noise_objective.h"

namespace {

constexpr double kScale = 10;  // factor of R in the logits, fixed by the method

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(trefoil::parameter::real("lambda", 0.3, {1e-9, 1e9}, "λ, weight of the ridge penalty"),
                                 {0.1, 1, 2, true, true}),
    trefoil::parameter::searched(
        trefoil::parameter::real("noise", 1, {0, 100},
                                 "ν, strength of the feature noise; 0: plain logistic regression in whitened channels"),
        {0, 1, 2, false, true}),
    trefoil::parameter::real("shrinkage", 0.5, {1e-6, 1}, "ε, share of the identity in the covariance within classes"),
    trefoil::parameter::integer("iterations", 200, {1, 1e6}, "largest number of L-BFGS steps"),
    head_training::kOwnKey,
};

class Whitened final : public trefoil::Head {
 public:
  explicit Whitened(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    return train_from(nullptr, start, support);
  }

  // The loss is convex, so the training ends at one minimum, wherever it begins.
  trefoil::Classifier retrain(const trefoil::Classifier& similar, const trefoil::Classifier& start,
                              const trefoil::Support& support, const trefoil::Channels& /*channels*/) const override {
    return train_from(&similar, start, support);
  }

 private:
  trefoil::Classifier train_from(const trefoil::Classifier* similar, const trefoil::Classifier& start,
                                 const trefoil::Support& support) const {
    const bool masked = head_training::masks_own_key(parameters_);
    if (!head_training::can_train(host(), start, support, masked)) return start;
    const head_training::Examples examples(support);
    const torch::Tensor rows = head_training::all_rows(examples);      // [M V, D], sorted by class
    const torch::Tensor labels = head_training::all_labels(examples);  // [M V]
    const auto copies = static_cast<double>(examples.view_count());
    const whitening::Scatter scatter = whitening::measure(support, rows, labels, copies);
    const whitening::FeatureNoise noise = whitening::estimate(scatter, parameters_.real("shrinkage"), copies);
    if (!scatter.has_pairs && parameters_.real("noise") > 0) {
      host().log(trefoil::LogLevel::info, "each class has one image at most: the feature noise is set to 0");
    }
    parallel::Workers workers(host().threads());
    whitening::Problem problem;
    const torch::ScalarType type = start.text.scalar_type();
    const torch::Tensor whitened = (rows.to(torch::kDouble) - noise.centre).mm(noise.transform);
    problem.features = whitened.to(type);
    problem.labels = labels;
    problem.logits = head_training::start_logits(start, examples, masked, workers);
    problem.trained = (trefoil::class_counts(labels, support.class_count()) > 0).to(type);
    problem.ridge = parameters_.real("lambda");
    problem.noise = scatter.has_pairs ? parameters_.real("noise") : 0;
    problem.variance = noise.variance;
    problem.example_weight = 1 / copies;
    const torch::Tensor first = similar != nullptr ? residual_of(*similar, start, noise) : torch::Tensor();
    return with_residual(start, noise, minimise(problem, first, start, noise, workers));
  }

  // Returns R [C, D]. It begins at `first` [C, D], or at 0 if that is undefined.
  torch::Tensor minimise(whitening::Problem& problem, const torch::Tensor& first, const trefoil::Classifier& start,
                         const whitening::FeatureNoise& noise, parallel::Workers& workers) const {
    // Without noise, R is a combination of the rows of Φ. With fewer rows than channels, it is found in their span.
    torch::Tensor span;
    const bool is_wide = problem.features.size(0) < problem.features.size(1);
    if (problem.noise == 0 && is_wide) {
      auto [basis, coordinates] = torch::linalg_qr(problem.features.t());  // [D, M], [M, M]
      span = basis;
      problem.features = coordinates.t().contiguous();
    }
    problem.start =
        problem.noise == 0
            ? torch::zeros({start.class_count(), 0}, start.text.options())
            : (start.text.to(torch::kDouble).mm(noise.inverse) * start.logit_scale).to(start.text.scalar_type());
    whitening::NoiseObjective objective(problem, workers);
    const torch::Tensor residual =
        torch::zeros({start.class_count(), problem.features.size(1)}, problem.features.options());
    descend(objective, residual, span.defined() && first.defined() ? first.mm(span) : first);
    return span.defined() ? residual.mm(span.t()) : residual;
  }

  // Minimises over the residual, which is 0, beginning at `first`. In float64, it runs to the rounding error.
  void descend(whitening::NoiseObjective& objective, const torch::Tensor& residual, const torch::Tensor& first) const {
    const bool exact = residual.scalar_type() == torch::kDouble;
    const torch::Tensor gradient = torch::zeros_like(residual);
    objective.evaluate(residual, gradient);
    head_training::LbfgsSettings settings;
    settings.iterations = exact ? 5000 : parameters_.integer("iterations");
    if (exact) settings.history = 40;
    settings.gradient_tolerance = exact ? 1e-10 : 1e-4 * gradient.abs().max().item<double>();
    settings.change_tolerance = exact ? 1e-16 : 1e-9;
    if (first.defined()) residual.copy_(first);
    head_training::minimise(
        host(), residual, [&](const torch::Tensor& target) { return objective.evaluate(residual, target); }, settings);
  }

  // Returns the R [C, D] that gives the classifier `trained`.
  static torch::Tensor residual_of(const trefoil::Classifier& trained, const trefoil::Classifier& start,
                                   const whitening::FeatureNoise& noise) {
    const torch::Tensor change = trained.text * trained.logit_scale - start.text * start.logit_scale;
    return (change.to(torch::kDouble).mm(noise.inverse) / kScale).to(start.text.scalar_type());
  }

  // Adds 10 (f − g) T Rᵀ to the logits of `start`.
  static trefoil::Classifier with_residual(const trefoil::Classifier& start, const whitening::FeatureNoise& noise,
                                           const torch::Tensor& residual) {
    const torch::Tensor weight = residual.to(torch::kDouble).mm(noise.transform) * kScale;  // [C, D]
    const double scale = start.logit_scale > 0 ? start.logit_scale : 1;
    const torch::Tensor bias = weight.mv(noise.centre).neg().to(start.text.scalar_type());
    trefoil::Classifier classifier = start;
    classifier.logit_scale = scale;
    classifier.text = start.text * (start.logit_scale / scale) + (weight / scale).to(start.text.scalar_type());
    classifier.bias = start.bias.defined() ? start.bias + bias : bias;
    return classifier;
  }

  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(Whitened, "whitened", "1.0.0",
             "Logistic regression in whitened channels with feature noise, around the start's classifier", kParameters)
