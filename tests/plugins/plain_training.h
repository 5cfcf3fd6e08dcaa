// The training of a head written plainly: dense labels and masks, gradients by LibTorch.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "trefoil/head.h"

namespace tests {

// The classifier that the parameters make of the start.
using Build = std::function<trefoil::Classifier(const std::vector<torch::Tensor>& parameters)>;

struct TrainingPlan {
  double rate = 1e-2;
  std::int64_t epochs = 5;
  std::int64_t batch = 0;
  bool masked = true;
};

// AdamW as in its paper, with a rate that falls along half a cosine. -> the losses of all steps; the parameters are
// changed in place.
std::vector<double> plain_training(std::vector<torch::Tensor> parameters, const Build& build,
                                   const trefoil::Support& support, const TrainingPlan& plan);

}  // namespace tests
