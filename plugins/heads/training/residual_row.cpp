#include "residual_row.h"

#include "row_arithmetic.h"

namespace head_training {

namespace {

template <typename Scalar>
TREFOIL_INLINE_KERNEL double without_cache(const ResidualRow<Scalar>& row) {
  Scalar* product = row.product;
  for (std::int64_t c = 0; c < row.classes; ++c) product[c] = row.logits[c] + row.text_scale * product[c];
  const double loss = cross_entropy(product, row.classes, row.label, row.batch_share);
  for (std::int64_t c = 0; c < row.classes; ++c) product[c] *= row.text_scale;
  return loss;
}

template <typename Scalar>
TREFOIL_INLINE_KERNEL double with_cache(const ResidualRow<Scalar>& row) {
  Scalar* __restrict product = row.product;
  Scalar* __restrict factor = row.sum_gradient;  // factor on the sum: α exp(log_factor + β f'·r)
  Scalar* __restrict gradient = row.scratch;     // derivative by the logits
  for (std::int64_t c = 0; c < row.classes; ++c) {
    factor[c] = row.alpha * exponential(row.log_factor[c] + row.cache_scale * product[c]);
    gradient[c] = row.logits[c] + row.text_scale * product[c] + factor[c] * row.sum[c];
  }
  const double loss = cross_entropy(gradient, row.classes, row.label, row.batch_share);
  for (std::int64_t c = 0; c < row.classes; ++c) {
    product[c] = gradient[c] * (row.text_scale + row.cache_scale * factor[c] * row.sum[c]);
    factor[c] *= gradient[c];
  }
  return loss;
}

template <typename Scalar>
TREFOIL_INLINE_KERNEL double differentiate(const ResidualRow<Scalar>& row) {
  return row.sum == nullptr ? without_cache(row) : with_cache(row);
}

}  // namespace

TREFOIL_MULTIVERSIONED
double differentiate_row(const ResidualRow<float>& row) { return differentiate(row); }

double differentiate_row(const ResidualRow<double>& row) { return differentiate(row); }

}  // namespace head_training
