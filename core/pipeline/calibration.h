// Calibration: how well probabilities agree with the accuracy. The probabilities are the softmax of the logits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "trefoil/classifier.h"
#include "trefoil/tensor.h"

namespace trefoil::pipeline {

// The softmax of the logits of one query, as far as calibration needs it.
struct Likelihood {
  double confidence = 0;  // probability of the best class
  double loss = 0;        // −log p of the right class, in nats
};

// Returns the likelihood of each row. logits [n, C] are float32 or float64, labels [n] are int64, both on the CPU.
std::vector<Likelihood> likelihoods(const torch::Tensor& logits, const torch::Tensor& labels);

// Returns the classifier whose logits are those of `classifier` divided by the temperature, which is above 0.
Classifier with_temperature(Classifier classifier, double temperature);

// Counts any number of queries in a fixed amount of memory.
class Calibration {
 public:
  static constexpr std::size_t kBins = 15;

  // The queries with a confidence in (k/15, (k+1)/15], for bin k.
  struct Bin {
    std::int64_t queries = 0;
    std::int64_t right = 0;
    double confidence = 0;  // sum over the queries
  };

  // Counts one query. `right`: whether its best class is the right one.
  void add(const Likelihood& likelihood, bool right);

  std::int64_t queries() const { return queries_; }
  const std::array<Bin, kBins>& bins() const { return bins_; }

  // Expected calibration error in percent: the mean over the queries of |accuracy − mean confidence| of their bins (Guo
  // et al., "On Calibration of Modern Neural Networks", ICML 2017). Nothing without queries.
  std::optional<double> error() const;

  // Mean −log p of the right classes, in nats. Nothing without queries.
  std::optional<double> loss() const;

 private:
  std::int64_t queries_ = 0;
  double loss_ = 0;  // sum over the queries
  std::array<Bin, kBins> bins_{};
};

}  // namespace trefoil::pipeline
