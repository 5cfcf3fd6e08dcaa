// Class means with a prior from the texts: what the texts say about the mean of a class, and how far it can be trusted,
// is learnt from the classes that have images (empirical Bayes).
#pragma once

#include "../../shared/feature_noise.h"

namespace whitening {

struct MeanEstimate {
  torch::Tensor means;  // [C, D]  μ, in whitened channels around the centre
  double variance = 0;  // τ², of the true means around their prior means, per channel
  double penalty = 0;   // ℓ of the kernel ridge regression; infinite if it only adds error
};

// Estimates the means in the channels (f − g) T. The prior mean of a class is a u_c plus a kernel ridge regression of
// what that leaves, where u_c = w̃_c T⁻¹, a is a least-squares factor, and the kernel is w̃ w̃ᵀ. ℓ and τ² come from the
// errors of leaving one class out. A class with n images has the mean (1 − κ) prior + κ φ, where φ is the mean of its
// images and κ = τ² / (τ² + t / n). text [C, D] has the texts w; w̃ are the texts without their mean.
MeanEstimate means_with_text_prior(const torch::Tensor& text, const Scatter& scatter, const FeatureNoise& noise);

}  // namespace whitening
