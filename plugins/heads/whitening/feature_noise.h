// The covariance of images within their classes, and the channels in which it is nearly the identity.
#pragma once

#include <trefoil/support.h>

namespace whitening {

// Estimates from images x with class means m_c. Σ = (1 − ε) S + ε t I is shrunken towards the identity, where S is the
// covariance within classes and t = tr S / D. All tensors are float64.
struct FeatureNoise {
  torch::Tensor centre;     // [D]     g, mean of the class means
  torch::Tensor transform;  // [D, D]  T = (Σ / t)^(−½), symmetric
  torch::Tensor inverse;    // [D, D]  T⁻¹
  double variance = 0;      // t; Σ = t · T⁻²
};

// Estimates the noise from rows [M, D] with labels [M]. Every row has the weight 1 / copies, for rows that are several
// views of one image. `has_pairs` is set to whether some class has two images. If none has, S is estimated from the
// distances of images from their texts: x − g − s' w̃_y, where w̃ are the texts without their mean, and s' is the
// least-squares slope. Throws std::invalid_argument when the rows of each class are equal, so that S = 0.
FeatureNoise estimate(const trefoil::Support& support, const torch::Tensor& rows, const torch::Tensor& labels,
                      double shrinkage, double copies, bool& has_pairs);

}  // namespace whitening
