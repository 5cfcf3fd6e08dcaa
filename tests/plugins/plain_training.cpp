#include "plain_training.h"

#include <ATen/ops/eye.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "heads/training/epochs.h"

namespace tests {

namespace {

torch::Tensor kept(const trefoil::Classifier& classifier, const torch::Tensor& query) {
  const torch::Tensor columns = classifier.channels.defined() ? query.index_select(1, classifier.channels) : query;
  return classifier.renormalise ? trefoil::unit_rows(columns) : columns;
}

// Returns the loss of the rows `index` [n] of the images, computed with dense labels and masks.
torch::Tensor plain_logits(const trefoil::Classifier& classifier, const torch::Tensor& query,
                           const torch::Tensor& index, const torch::Tensor& labels, bool masked) {
  torch::Tensor logits = classifier.logit_scale * query.matmul(classifier.text.t());
  if (classifier.key_count() == 0) return logits;
  const torch::Tensor similarity = kept(classifier, query).matmul(classifier.keys.t());
  torch::Tensor affinity = (-classifier.beta * (1 - similarity)).exp() * trefoil::effective_weight(classifier);
  const torch::Tensor onehot = torch::one_hot(classifier.labels, classifier.class_count()).to(torch::kDouble);
  if (masked) {
    affinity = affinity * (1 - torch::eye(classifier.key_count(), torch::kDouble).index_select(0, index));
    const torch::Tensor shots = onehot.sum(0).index_select(0, labels);
    const torch::Tensor gain = shots / (shots - 1).clamp_min(1);
    const torch::Tensor own = torch::one_hot(labels, classifier.class_count()).to(torch::kDouble);
    return logits + classifier.alpha * affinity.matmul(onehot) * (1 + own * (gain - 1).unsqueeze(1));
  }
  return logits + classifier.alpha * affinity.matmul(onehot);
}

struct AdamState {
  torch::Tensor mean, square;
};

}  // namespace

std::vector<double> plain_training(std::vector<torch::Tensor> parameters, const Build& build,
                                   const trefoil::Support& support, const TrainingPlan& plan) {
  std::vector<AdamState> states;
  states.reserve(parameters.size());
  for (torch::Tensor& parameter : parameters) {
    states.push_back({torch::zeros_like(parameter), torch::zeros_like(parameter)});
  }
  head_training::Epochs epochs(support.image_count(), plan.batch, 1);
  const std::int64_t total = plan.epochs * epochs.steps();
  std::vector<double> losses;
  for (std::int64_t epoch = 0; epoch < plan.epochs; ++epoch) {
    const torch::Tensor order = torch::tensor(at::ArrayRef<std::int64_t>(epochs.next()), torch::kLong);
    const torch::Tensor images =
        support.views.defined() ? support.views[epoch % support.views.size(0)] : support.images;
    for (const torch::Tensor& index : order.split(epochs.batch())) {
      std::vector<torch::Tensor> leaves;
      leaves.reserve(parameters.size());
      for (const torch::Tensor& parameter : parameters) leaves.push_back(parameter.clone().set_requires_grad(true));
      const torch::Tensor labels = support.labels.index_select(0, index);
      const torch::Tensor logits =
          plain_logits(build(leaves), images.index_select(0, index), index, labels, plan.masked);
      const torch::Tensor loss = -logits.log_softmax(1).gather(1, labels.unsqueeze(1)).mean();
      loss.backward();
      const double t = static_cast<double>(losses.size()) + 1;
      const double rate = plan.rate * (1 + std::cos(M_PI * (t - 1) / static_cast<double>(total))) / 2;
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        const torch::Tensor gradient = leaves[i].grad();
        states[i].mean = 0.9 * states[i].mean + 0.1 * gradient;
        states[i].square = 0.999 * states[i].square + 0.001 * gradient * gradient;
        const torch::Tensor mean = states[i].mean / (1 - std::pow(0.9, t));
        const torch::Tensor root = (states[i].square / (1 - std::pow(0.999, t))).sqrt() + 1e-3;
        parameters[i].mul_(1 - rate * 0.1).sub_(rate * mean / root);
      }
      losses.push_back(loss.item<double>());
    }
  }
  return losses;
}

}  // namespace tests
