// Gaussians of all classes that share one diagonal covariance, and their fit to rows with class probabilities.
#pragma once

#include <trefoil/tensor.h>

#include "../../shared/workers.h"

namespace adapting {

struct SharedGaussians {
  torch::Tensor means;      // [C, D] float64
  torch::Tensor variances;  // [D]    float64, above 0
};

// Weighted sums over rows, from which Gaussians are fitted. All tensors are float64.
struct Moments {
  torch::Tensor counts;   // [C]     Σ_i z_ik
  torch::Tensor sums;     // [C, D]  Σ_i z_ik f_i
  torch::Tensor squares;  // [D]     Σ_i Σ_k z_ik f_i²
};

// Returns the moments of rows f [n, D] with class probabilities z [n, C], with every row counted `weight` times.
Moments moments_of(const torch::Tensor& rows, const torch::Tensor& probabilities, double weight,
                   parallel::Workers& workers);

// Adds the moments of rows [n, D] with labels [n].
void add_labelled(const torch::Tensor& rows, const torch::Tensor& labels, double weight, Moments& moments);

// Fits the means and the variances to the moments. A class without any weight keeps its mean.
void fit(const Moments& moments, SharedGaussians& gaussians);

// Returns the logarithms of the densities [n, C], float64, of rows [n, D]. Terms that are equal for all classes of a
// row are left out, and the largest of each row is 0.
torch::Tensor log_densities(const SharedGaussians& gaussians, const torch::Tensor& rows);

}  // namespace adapting
