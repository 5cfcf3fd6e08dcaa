// Computes the logits of a classifier in steps. Classifiers that differ only in α, β and γ share the first steps.
#pragma once

#include <optional>

#include "trefoil/classifier.h"

namespace trefoil {

// The parts of the logits that do not depend on α, β and γ. Shapes: n queries, C classes, M keys, D features.
struct Similarities {
  torch::Tensor text;     // [n, C], s·f·textᵀ + bias
  torch::Tensor cosines;  // [n, M], between queries and keys in the selected channels; undefined without keys
};

// query [n, D]. Not for classifiers with custom logits. `with_keys` = false leaves `cosines` undefined.
Similarities similarities(const Classifier& classifier, const torch::Tensor& query, bool with_keys = true);

// Whether `a` and `b` have equal tensors and an equal logit scale, so that their logits can differ only because of α, β
// and γ. Always false for classifiers with custom logits.
bool differ_in_cache_hyperparameters_only(const Classifier& a, const Classifier& b);

// Computes the logits of several classifiers that differ only in α, β and γ, for the same queries. It keeps the last
// kernel (which depends on β) and the last sums (which depend on β and γ), so it is fastest when classifiers with equal
// β, and with equal β and γ, follow one another.
class FamilyLogits {
 public:
  explicit FamilyLogits(Similarities similarities) : similarities_(std::move(similarities)) {}

  // Returns logits [n, C], bitwise equal to classifier.logits(query).
  torch::Tensor of(const Classifier& classifier);

 private:
  Similarities similarities_;
  std::optional<double> beta_;
  std::optional<double> gamma_;
  torch::Tensor kernel_;  // [n, M], for beta_
  torch::Tensor sums_;    // [n, C], for beta_ and gamma_
};

}  // namespace trefoil
