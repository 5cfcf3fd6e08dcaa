// Minimises a convex function of a matrix by L-BFGS with strong Wolfe line search.
#pragma once

#include <trefoil/head.h>

#include <cstdint>
#include <functional>

namespace head_training {

struct LbfgsSettings {
  std::int64_t iterations = 100;   // largest number of steps
  std::int64_t history = 10;       // number of steps that the curvature is estimated from
  double gradient_tolerance = 0;   // stops when no element of the gradient is larger
  double change_tolerance = 1e-9;  // stops when neither the loss nor any element of a step changes by more
};

// Writes the gradient of the loss at the current point, and returns the loss.
using Evaluate = std::function<double(const torch::Tensor& gradient)>;

// Moves `point` to the minimum, in place. `evaluate` reads it. Reports progress, and the metrics loss and evaluations.
void minimise(trefoil::Host& host, torch::Tensor point, const Evaluate& evaluate, const LbfgsSettings& settings);

}  // namespace head_training
