// Multinomial logistic regression on the support images. L-BFGS with strong Wolfe line search minimises
//   ½ ‖Θ − Θ₀‖² + C Σ_m −log softmax(f_m Θᵀ + b)[label_m]
// until it converges. Θ₀ is the text classifier s·W, or 0 as in scikit-learn's LogisticRegression; C has the same
// meaning there. The intercept b is not regularised. The result is a linear classifier without keys. With Θ₀ = s·W, a
// class without images stays close to its text.
#include <ATen/ops/zeros.h>
#include <torch/optim/lbfgs.h>
#include <trefoil/head.h>

#include <stdexcept>
#include <string>

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
    if (start.custom_logits) {
      throw std::invalid_argument(
          "it cannot start from this relation: its logits come from code (custom_logits), not from text and bias");
    }
    if (support.image_count() == 0) throw std::invalid_argument("there are no support images to learn from");
    const bool around_text = parameters_.text("around") == "text";
    const torch::Tensor origin = around_text ? start.text * start.logit_scale : torch::zeros_like(start.text);
    torch::Tensor weight = origin.clone();
    torch::Tensor bias = around_text && start.bias.defined() ? start.bias.clone()
                                                             : torch::zeros({support.class_count()}, weight.options());
    minimise(support, origin, weight, bias);
    trefoil::Classifier classifier;
    classifier.text = weight;
    classifier.bias = bias;
    classifier.logit_scale = 1;
    return classifier;
  }

 private:
  // Minimises the loss, starting from weight [C, D] and bias [C]. Writes the result to both.
  void minimise(const trefoil::Support& support, const torch::Tensor& origin, torch::Tensor& weight,
                torch::Tensor& bias) const {
    const double c = parameters_.real("c");
    const bool intercept = parameters_.boolean("intercept");
    std::int64_t evaluations = 0;
    double last_loss = 0;
    const auto evaluate = [&] {
      torch::Tensor probability = support.images.mm(weight.t()).add_(bias).log_softmax(/*dim=*/1);
      const torch::Tensor own = support.labels.unsqueeze(1);
      const torch::Tensor away = weight - origin;
      const torch::Tensor loss = away.square().sum() * 0.5 - probability.gather(1, own).sum() * c;
      torch::Tensor error = probability.exp_();  // dCE/dlogits = softmax − onehot
      error.scatter_add_(1, own, torch::full_like(own, -1).to(error.scalar_type()));
      weight.mutable_grad() = away.add_(error.t().mm(support.images), c);
      bias.mutable_grad() = intercept ? error.sum(0) * c : torch::zeros_like(bias);
      host().progress(std::min(++evaluations, parameters_.integer("iterations")), parameters_.integer("iterations"));
      last_loss = loss.item<double>();
      return loss;
    };
    const std::int64_t iterations = parameters_.integer("iterations");
    torch::optim::LBFGS optimiser({weight, bias}, torch::optim::LBFGSOptions(1)
                                                      .max_iter(iterations)
                                                      .max_eval(2 * iterations)
                                                      .tolerance_grad(1e-3 * c)
                                                      .tolerance_change(1e-9)
                                                      .line_search_fn("strong_wolfe"));
    optimiser.step(evaluate);
    host().metric("loss", last_loss);
    host().metric("evaluations", static_cast<double>(evaluations));
  }

  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(Logistic, "logistic", "1.0.0",
             "Logistic regression on the support images, regularised towards the text classifier", kParameters)
