// A simple implementation of head training: dense labels and masks, gradients by LibTorch.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "trefoil/head.h"

namespace tests {

// Returns the classifier with the trained parameters.
using Build = std::function<trefoil::Classifier(const std::vector<torch::Tensor>& parameters)>;

struct TrainingPlan {
  double rate = 1e-2;
  std::int64_t epochs = 5;
  std::int64_t batch = 0;
  bool masked = true;
};

// Trains the parameters in place with AdamW as in its paper; the learning rate falls along half a cosine. Returns the
// loss of each step.
std::vector<double> plain_training(std::vector<torch::Tensor> parameters, const Build& build,
                                   const trefoil::Support& support, const TrainingPlan& plan);

}  // namespace tests
