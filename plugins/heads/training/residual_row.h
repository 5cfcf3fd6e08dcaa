// The cross-entropy of one query while a residual is trained, and its derivatives.
#pragma once

#include <cstdint>

namespace head_training {

// All arrays have C elements.
template <typename Scalar>
struct ResidualRow {
  std::int64_t classes;
  std::int64_t label;        // the query's class
  const Scalar* logits;      // logits without the residual; without the cache logits if the keys get the residual
  const Scalar* log_factor;  // see class_sums.h; nullptr if the keys do not get the residual
  const Scalar* sum;         // see class_sums.h; nullptr if the keys do not get the residual
  Scalar text_scale;         // s
  Scalar cache_scale;        // β / ‖f'‖
  Scalar alpha;
  Scalar batch_share;    // 1 / rows in the batch
  Scalar* product;       // in: f'·r_c with f' not normalised; out: derivative of the batch's mean loss by it
  Scalar* sum_gradient;  // out: derivative of the batch's mean loss by `sum`; written only if `sum` is not nullptr
  Scalar* scratch;
};

// Returns the query's cross-entropy.
double differentiate_row(const ResidualRow<float>& row);
double differentiate_row(const ResidualRow<double>& row);

}  // namespace head_training
