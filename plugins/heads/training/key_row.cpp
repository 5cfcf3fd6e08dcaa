#include "key_row.h"

#include "row_arithmetic.h"

namespace head_training {

namespace {

template <typename Scalar>
TREFOIL_INLINE_KERNEL double differentiate(const KeyRow<Scalar>& row) {
  const Keys& keys = row.keys;
  Scalar* __restrict cache_logit = row.product;
  const Scalar scale = row.beta * row.inverse_norm;
  for (std::int64_t m = 0; m < keys.count; ++m) {
    cache_logit[m] = row.weight[m] * exponential(scale * cache_logit[m] - row.beta);
  }
  if (row.own.index >= 0) {
    cache_logit[row.own.index] = 0;
    for (std::int64_t m = 0; m < keys.count; ++m) cache_logit[m] *= keys.label[m] == row.label ? row.own.gain : 1;
  }
  for (std::int64_t m = 0; m < keys.count; ++m) row.logits[keys.label[m]] += cache_logit[m];
  const double loss = cross_entropy(row.logits, keys.classes, row.label, row.batch_share);
  for (std::int64_t m = 0; m < keys.count; ++m) cache_logit[m] *= scale * row.logits[keys.label[m]];
  return loss;
}

}  // namespace

TREFOIL_MULTIVERSIONED
double differentiate_row(const KeyRow<float>& row) { return differentiate(row); }

double differentiate_row(const KeyRow<double>& row) { return differentiate(row); }

}  // namespace head_training
