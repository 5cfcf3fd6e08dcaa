// Multinomial logistic regression on the support images. L-BFGS with strong Wolfe line search minimises
//   ½ ‖Θ − Θ₀‖² + C Σ_m −log softmax(f_m Θᵀ + b)[label_m]
// until it converges. Θ₀ is the text classifier s·W, or 0 as in scikit-learn's LogisticRegression; C has the same
// meaning there. The intercept b is not regularised. The result is a linear classifier without keys. With Θ₀ = s·W, a
// class without images stays close to its text.
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <trefoil/head.h>

#include <stdexcept>
#include <string>

#include "../shared/workers.h"
#include "training/lbfgs.h"
#include "whitening/noise_objective.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("c", 30, {1e-9, 1e9},
                                 "C, weight of the loss on the images against the regularisation"),
        {3, 300, 5, true}),
    trefoil::parameter::choice("around", "text|zero", "centre of the regularisation: the text classifier, or zero"),
    trefoil::parameter::boolean("intercept", true, "whether each class has an intercept"),
    trefoil::parameter::integer("iterations", 100, {1, 1e6}, "largest number of L-BFGS steps"),
};

class Logistic final : public trefoil::Head {
 public:
  explicit Logistic(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const Origin origin = origin_of(start, support);
    return train_from(torch::zeros({support.class_count(), start.width() + 1}, start.text.options()), origin, support);
  }

  // The loss is convex, so the training ends at one minimum, wherever it begins.
  trefoil::Classifier retrain(const trefoil::Classifier& similar, const trefoil::Classifier& start,
                              const trefoil::Support& support, const trefoil::Channels& /*channels*/) const override {
    const Origin origin = origin_of(start, support);
    const torch::Tensor bias = (similar.bias - origin.bias).unsqueeze(1);
    return train_from(torch::cat({similar.text - origin.weight, bias}, 1), origin, support);
  }

 private:
  // The centre of the regularisation.
  struct Origin {
    torch::Tensor weight;  // [C, D]
    torch::Tensor bias;    // [C]
  };

  Origin origin_of(const trefoil::Classifier& start, const trefoil::Support& support) const {
    if (start.custom_logits) {
      throw std::invalid_argument(
          "it cannot start from this relation: its logits come from code (custom_logits), not from text and bias");
    }
    if (support.image_count() == 0) throw std::invalid_argument("there are no support images to learn from");
    const bool around_text = parameters_.text("around") == "text";
    const bool has_bias = around_text && start.bias.defined();
    return {around_text ? start.text * start.logit_scale : torch::zeros_like(start.text),
            has_bias ? start.bias : torch::zeros({support.class_count()}, start.text.options())};
  }

  // Minimises over `change` [C, D + 1] of the weights and the intercept, in place.
  trefoil::Classifier train_from(const torch::Tensor& change, const Origin& origin,
                                 const trefoil::Support& support) const {
    const std::int64_t width = support.width();
    const double c = parameters_.real("c");
    parallel::Workers workers(host().threads());
    whitening::Problem problem;
    const torch::Tensor ones = torch::ones({support.image_count(), 1}, support.images.options());
    problem.features = torch::cat({support.images, parameters_.boolean("intercept") ? ones : ones.mul(0)}, 1);
    problem.labels = support.labels;
    problem.logits = support.images.mm(origin.weight.t()).add_(origin.bias);
    problem.start = torch::empty({support.class_count(), 0}, change.options());
    problem.trained = torch::ones({support.class_count()}, change.options());
    problem.scale = 1;
    problem.ridge = 1;
    problem.noise = 0;
    problem.example_weight = c;
    problem.free_columns = 1;
    whitening::NoiseObjective objective(problem, workers);
    head_training::LbfgsSettings settings;
    settings.iterations = parameters_.integer("iterations");
    settings.history = 20;
    settings.gradient_tolerance = 1e-3 * c;
    head_training::minimise(
        host(), change, [&](const torch::Tensor& gradient) { return objective.evaluate(change, gradient); }, settings);
    trefoil::Classifier classifier;
    classifier.text = origin.weight + change.narrow(1, 0, width);
    classifier.bias = origin.bias + change.select(1, width);
    classifier.logit_scale = 1;
    return classifier;
  }

  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(Logistic, "logistic", "1.0.0",
             "Logistic regression on the support images, regularised towards the text classifier", kParameters)
