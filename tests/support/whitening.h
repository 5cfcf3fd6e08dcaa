// The training problem of the head `whitened`, for tests of its parts.
#pragma once

#include <ATen/ops/ones.h>

#include "heads/whitening/noise_objective.h"
#include "shared/feature_noise.h"
#include "trefoil/support.h"

namespace tests {

// The noise of the support images with the default shrinkage.
inline whitening::FeatureNoise shrunken_noise(const trefoil::Support& support) {
  return whitening::estimate(whitening::measure(support, support.images, support.labels), 0.5);
}

// The problem of training from the zero-shot classifier with s = 100.
inline whitening::Problem whitening_problem(const trefoil::Support& support, double ridge, double noise) {
  const whitening::FeatureNoise estimated = shrunken_noise(support);
  whitening::Problem problem;
  problem.features = (support.images - estimated.centre).mm(estimated.transform);
  problem.labels = support.labels;
  problem.logits = support.images.mm(support.text.t()) * 100;
  problem.start = support.text.mm(estimated.inverse) * 100;
  problem.trained = torch::ones({support.class_count()}, torch::kDouble);
  problem.ridge = ridge;
  problem.noise = noise;
  problem.variance = estimated.variance;
  return problem;
}

}  // namespace tests
