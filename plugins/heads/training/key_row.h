// One query's logits by its products with the keys, and their derivatives.
#pragma once

#include "class_sums.h"

namespace trefoil::training {

template <typename Scalar>
struct KeyRow {
  Keys keys;
  OwnKey<Scalar> own;
  std::int64_t label;    // the query's
  const Scalar* weight;  // [M] α v_m
  Scalar beta;
  Scalar inverse_norm;  // 1 / ‖f'‖, or 1
  Scalar share;         // of this query in the batch's mean
  Scalar* logits;       // [C] in: without the cache; out: used up
  Scalar* product;      // [M] in: f'·key_m, f' not normalised; out: the loss's derivative by it
};

// -> the query's cross-entropy.
double differentiate_row(const KeyRow<float>& row);
double differentiate_row(const KeyRow<double>& row);

}  // namespace trefoil::training
