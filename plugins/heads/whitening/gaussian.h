// Gaussian discriminant analysis without training (Wang et al., "A Hard-to-Beat Baseline for Training-Free CLIP-based
// Adaptation", ICLR 2024). The images of class c are normally distributed around its mean μ_c, with one covariance Σ
// for all classes. The inverse of Σ is estimated by D · A⁻¹, with the shrunken scatter A = (M−1)Σ + tr(Σ)I:
//   discriminant = D · (f A⁻¹ μ_cᵀ − ½ μ_c A⁻¹ μ_cᵀ + ½ tr(A⁻¹ Σ_w) / n_c)
// The last term is not in the paper. The noise in the mean of n_c images makes the mean too long, and so makes a class
// with fewer images look less likely. The term corrects this. It changes nothing if all classes have the same number of
// images. In leave-one-out it compensates the class of the image that is left out.
#pragma once

#include "../../shared/feature_noise.h"

namespace whitening {

// A discriminant that is linear in the features: f · weightᵀ + bias.
struct Linear {
  torch::Tensor weight;  // [C, D]
  torch::Tensor bias;    // [C]
};

// Estimates from the support, in float64. Coordinates are along the eigenvectors of the scatter, where A is diagonal.
struct Gaussian {
  torch::Tensor axes;    // [D, D]  eigenvectors, one per column
  torch::Tensor spread;  // [D]     λ, eigenvalues of the scatter Σ (x − μ)(x − μ)ᵀ within classes
  torch::Tensor mean;    // [C, D]
  torch::Tensor count;   // [C]     n_c; infinite for a class whose mean is not estimated from images
  torch::Tensor images;  // [M, D]
  torch::Tensor labels;  // [M]
  double degrees = 1;    // degrees of freedom of the scatter: M − (classes with images)
};

// A class without images gets the mean μ̄ + ρ (W_c − W̄), where ρ is the least-squares slope of means on texts over the
// classes with images.
Gaussian gaussian_of(const trefoil::Support& support, const Scatter& scatter);

Linear discriminant(const Gaussian& gaussian);

// Returns the discriminant [M, C] of every image, with mean, scatter and trace estimated without that image. Means that
// come from texts stay unchanged. Returns an undefined tensor if the scatter vanishes without some image.
torch::Tensor discriminant_without_own(const Gaussian& gaussian);

}  // namespace whitening
