// The cross-entropy of one query while the keys are trained, and its derivatives.
#pragma once

#include "class_sums.h"

namespace head_training {

template <typename Scalar>
struct KeyRow {
  Keys keys;
  OwnKey<Scalar> own;
  std::int64_t label = 0;          // the query's class
  const Scalar* weight = nullptr;  // [M] α v_m
  Scalar beta = 0;
  Scalar inverse_norm = 0;    // 1 / ‖f'‖, or 1
  Scalar batch_share = 0;     // 1 / rows in the batch
  Scalar* logits = nullptr;   // [C] in: logits without the cache; overwritten
  Scalar* product = nullptr;  // [M] in: f'·key_m with f' not normalised; out: derivative of the batch's mean loss by it
};

// Returns the query's cross-entropy.
double differentiate_row(const KeyRow<float>& row);
double differentiate_row(const KeyRow<double>& row);

}  // namespace head_training
