// The logits of a classifier in two steps, so that classifiers that differ in α, β and γ only can share the first.
#pragma once

#include "trefoil/classifier.h"

namespace trefoil {

// What does not depend on α, β and γ.
struct Similarities {
  torch::Tensor text;     // [n, C], s·f·textᵀ + bias
  torch::Tensor cosines;  // [n, M], of the queries and the keys in their channels; undefined without keys
};

// query [n, D]. Not for classifiers with logits of their own. `with_keys` = false leaves the cosines out.
Similarities similarities(const Classifier& classifier, const torch::Tensor& query, bool with_keys = true);

// [n, C]; the same to the bit as classifier.logits(query) for the query that they are of.
torch::Tensor logits(const Classifier& classifier, const Similarities& similarities);

}  // namespace trefoil
