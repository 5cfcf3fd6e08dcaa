// The covariance of images within their classes, and the channels in which it is nearly the identity.
#pragma once

#include <trefoil/support.h>

namespace whitening {

// How images x with class means m_c scatter around their classes. All tensors are float64.
struct Scatter {
  torch::Tensor counts;     // [C]     images of each class
  torch::Tensor means;      // [C, D]  m_c; 0 for a class without images
  torch::Tensor centre;     // [D]     g, mean of the class means
  torch::Tensor distances;  // [M, D]  x − m_y; without pairs x − g − s' w̃_y
  double degrees = 1;       // of freedom of the distances
  bool has_pairs = false;   // whether some class has two images
};

// Measures the scatter of rows [M, D] with labels [M]. Every row has the weight 1 / copies, for rows that are several
// views of one image. If no class has two images, the distances are those of images from their texts, where w̃ are the
// texts without their mean, and s' is the least-squares slope. Throws std::invalid_argument when all distances are 0.
Scatter measure(const trefoil::Support& support, const torch::Tensor& rows, const torch::Tensor& labels,
                double copies = 1);

// Σ = (1 − ε) S + ε t I is shrunken towards the identity, where S is the covariance within classes and t = tr S / D.
// All tensors are float64.
struct FeatureNoise {
  torch::Tensor centre;     // [D]     g
  torch::Tensor transform;  // [D, D]  T = (Σ / t)^(−½), symmetric
  torch::Tensor inverse;    // [D, D]  T⁻¹
  double variance = 0;      // t; Σ = t · T⁻²
};

// Estimates the noise from a scatter, whose rows have the weight 1 / copies.
FeatureNoise estimate(const Scatter& scatter, double shrinkage, double copies = 1);

}  // namespace whitening
