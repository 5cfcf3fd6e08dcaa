#include "pipeline/calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace trefoil::pipeline {

std::vector<Likelihood> likelihoods(const torch::Tensor& logits, const torch::Tensor& labels) {
  // The largest logit is subtracted before exp, so that no sum overflows, and a confidence near 1 keeps its digits.
  const torch::Tensor best = logits.amax(1, /*keepdim=*/true);
  const torch::Tensor sums = (logits - best).exp_().sum(1).to(torch::kDouble);
  const torch::Tensor gaps = (best.to(torch::kDouble) - logits.gather(1, labels.unsqueeze(1))).squeeze(1);
  const auto* sum = sums.data_ptr<double>();
  const auto* gap = gaps.data_ptr<double>();
  std::vector<Likelihood> result;
  result.reserve(static_cast<std::size_t>(logits.size(0)));
  for (std::int64_t i = 0; i < logits.size(0); ++i) result.push_back({1 / sum[i], std::log(sum[i]) + gap[i]});
  return result;
}

Classifier with_temperature(Classifier classifier, double temperature) {
  if (classifier.custom_logits) {
    classifier.custom_logits = [custom = std::move(classifier.custom_logits), temperature](const Classifier& self,
                                                                                           const torch::Tensor& query) {
      return custom(self, query) / temperature;
    };
    return classifier;
  }
  classifier.logit_scale /= temperature;
  classifier.alpha /= temperature;
  if (classifier.bias.defined()) classifier.bias = classifier.bias / temperature;
  return classifier;
}

void Calibration::add(const Likelihood& likelihood, bool right) {
  const double place = std::ceil(likelihood.confidence * static_cast<double>(kBins)) - 1;
  Bin& bin = bins_.at(static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(kBins - 1))));
  ++bin.queries;
  bin.right += right ? 1 : 0;
  bin.confidence += likelihood.confidence;
  ++queries_;
  loss_ += likelihood.loss;
}

std::optional<double> Calibration::error() const {
  if (queries_ == 0) return std::nullopt;
  double gaps = 0;
  for (const Bin& bin : bins_) gaps += std::abs(static_cast<double>(bin.right) - bin.confidence);
  return 100 * gaps / static_cast<double>(queries_);
}

std::optional<double> Calibration::loss() const {
  if (queries_ == 0) return std::nullopt;
  return loss_ / static_cast<double>(queries_);
}

}  // namespace trefoil::pipeline
