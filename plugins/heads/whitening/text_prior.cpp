#include "text_prior.h"

#include <ATen/ops/linalg_eigh.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace whitening {

namespace {

constexpr double kNoRegression = std::numeric_limits<double>::infinity();
// Tried in this order, so that of equal errors the strongest penalty is chosen.
constexpr double kPenalties[] = {kNoRegression, 10, 3, 1, 0.3, 0.1, 0.03};

// Kernel ridge regression of targets E [P, D] with the kernel K = V diag(e) Vᵀ [P, P].
class KernelRidge {
 public:
  KernelRidge(const torch::Tensor& kernel, torch::Tensor targets) : targets_(std::move(targets)) {
    std::tie(values_, vectors_) = torch::linalg_eigh(kernel);
    values_.clamp_min_(0);
    along_ = vectors_.t().mm(targets_);
  }

  // Returns (K + ℓ I)⁻¹ E [P, D].
  torch::Tensor weights(double penalty) const { return vectors_.mm(along_ / (values_ + penalty).unsqueeze(1)); }

  // Returns the errors [P, D] of predicting each target from the others: those of all, divided by 1 − H_cc, where H =
  // K (K + ℓ I)⁻¹.
  torch::Tensor left_out_errors(double penalty) const {
    if (penalty == kNoRegression) return targets_;
    const torch::Tensor rest = penalty / (values_ + penalty);  // eigenvalues of I − H
    return vectors_.mm(along_ * rest.unsqueeze(1)) / vectors_.square().mv(rest).unsqueeze(1);
  }

 private:
  torch::Tensor targets_;
  torch::Tensor values_;   // [P]     e
  torch::Tensor vectors_;  // [P, P]  V
  torch::Tensor along_;    // [P, D]  Vᵀ E
};

}  // namespace

MeanEstimate means_with_text_prior(const torch::Tensor& text, const Scatter& scatter, const FeatureNoise& noise) {
  const torch::Tensor present = (scatter.counts > 0).nonzero().squeeze(1);
  const torch::Tensor texts = text.to(torch::kDouble) - text.to(torch::kDouble).mean(0);
  const torch::Tensor known_texts = texts.index_select(0, present);
  const torch::Tensor directions = texts.mm(noise.inverse);  // u
  const torch::Tensor known = directions.index_select(0, present);
  const torch::Tensor image_means = (scatter.means - noise.centre).mm(noise.transform);  // φ
  const torch::Tensor known_means = image_means.index_select(0, present);
  const double power = known.square().sum().item<double>();
  const double factor = power > 0 ? (known_means * known).sum().item<double>() / power : 0;  // a

  const KernelRidge ridge(known_texts.mm(known_texts.t()), known_means - known * factor);
  MeanEstimate result;
  double least = kNoRegression;
  for (const double penalty : kPenalties) {
    const double error = ridge.left_out_errors(penalty).square().mean().item<double>();
    if (error >= least) continue;
    least = error;
    result.penalty = penalty;
  }
  torch::Tensor prior = directions * factor;
  if (result.penalty != kNoRegression) prior = prior + texts.mm(known_texts.t()).mm(ridge.weights(result.penalty));

  constexpr double kLeastVariance = 1e-6;
  const torch::Tensor counts = scatter.counts.index_select(0, present);
  result.variance = std::max(least - (noise.variance / counts).mean().item<double>(), kLeastVariance);
  const torch::Tensor trust =
      (scatter.counts * result.variance / (scatter.counts * result.variance + noise.variance)).unsqueeze(1);  // κ
  result.means = prior * (1 - trust) + image_means * trust;
  return result;
}

}  // namespace whitening
