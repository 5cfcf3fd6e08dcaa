// The cross-entropy of one query while a residual is trained, and its derivatives.
#pragma once

#include <cstdint>

namespace head_training {

// All arrays have C elements.
template <typename Scalar>
struct ResidualRow {
  std::int64_t classes = 0;
  std::int64_t label = 0;          // the query's class
  const Scalar* logits = nullptr;  // logits without the residual; without the cache logits if the keys get the residual
  const Scalar* log_factor = nullptr;  // see class_sums.h; nullptr if the keys do not get the residual
  const Scalar* sum = nullptr;         // see class_sums.h; nullptr if the keys do not get the residual
  Scalar text_scale = 0;               // s
  Scalar cache_scale = 0;              // β / ‖f'‖
  Scalar alpha = 0;
  Scalar batch_share = 0;          // 1 / rows in the batch
  Scalar* product = nullptr;       // in: f'·r_c with f' not normalised; out: derivative of the batch's mean loss by it
  Scalar* sum_gradient = nullptr;  // out: the same derivative by `sum`; written only if `sum` is not nullptr
  Scalar* scratch = nullptr;
};

// Returns the query's cross-entropy.
double differentiate_row(const ResidualRow<float>& row);
double differentiate_row(const ResidualRow<double>& row);

}  // namespace head_training
