// One query's logits under a residual, and their derivatives.
#pragma once

#include <cstdint>

namespace trefoil::training {

// All of a query; [C] each.
template <typename Scalar>
struct ResidualRow {
  std::int64_t classes;
  std::int64_t label;
  const Scalar* logits;   // without residual, and without the cache if it gets the residual too
  const Scalar* nearest;  // of the cache, as in class_sums.h; null: there is none, or it does not get the residual
  const Scalar* sum;      // likewise
  Scalar text_scale;      // s
  Scalar cache_scale;     // β / ‖f'‖
  Scalar alpha;
  Scalar share;          // of this query in the batch's mean
  Scalar* product;       // in: f'·r_c, f' not normalised; out: the loss's derivative by it
  Scalar* sum_gradient;  // out: the loss's derivative by `sum`; written only if there is a cache
  Scalar* scratch;
};

// -> the query's cross-entropy.
double differentiate_row(const ResidualRow<float>& row);
double differentiate_row(const ResidualRow<double>& row);

}  // namespace trefoil::training
