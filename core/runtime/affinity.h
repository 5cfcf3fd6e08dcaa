// The logits of a classifier in steps, so that classifiers that differ in α, β and γ only can share the first ones.
#pragma once

#include <optional>

#include "trefoil/classifier.h"

namespace trefoil {

// What does not depend on α, β and γ.
struct Similarities {
  torch::Tensor text;     // [n, C], s·f·textᵀ + bias
  torch::Tensor cosines;  // [n, M], of the queries and the keys in their channels; undefined without keys
};

// query [n, D]. Not for classifiers with logits of their own. `with_keys` = false leaves the cosines out.
Similarities similarities(const Classifier& classifier, const torch::Tensor& query, bool with_keys = true);

// Whether the similarities of one are those of the other, and the weights and divergences of their keys too.
bool differ_in_cache_hyperparameters_only(const Classifier& a, const Classifier& b);

// The logits of classifiers that differ in α, β and γ only, for the same queries. What depends on β alone, or on β and
// γ, is kept for the next one: cheapest when those of one β, and of one β and γ, follow one another.
class FamilyLogits {
 public:
  explicit FamilyLogits(Similarities similarities) : similarities_(std::move(similarities)) {}

  // [n, C]; the same to the bit as classifier.logits(query).
  torch::Tensor of(const Classifier& classifier);

 private:
  Similarities similarities_;
  std::optional<double> beta_;
  std::optional<double> gamma_;
  torch::Tensor kernel_;  // [n, M], of beta_
  torch::Tensor sums_;    // [n, C], of beta_ and gamma_
};

}  // namespace trefoil
