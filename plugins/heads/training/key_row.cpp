#include "key_row.h"

#include "row_arithmetic.h"

namespace trefoil::training {

namespace {

template <typename Scalar>
TREFOIL_INLINE_KERNEL double differentiate(const KeyRow<Scalar>& row) {
  const Keys& keys = row.keys;
  Scalar* __restrict evidence = row.product;
  const Scalar scale = row.beta * row.inverse_norm;
  for (std::int64_t m = 0; m < keys.count; ++m) {
    evidence[m] = row.weight[m] * exponential(scale * evidence[m] - row.beta);
  }
  if (row.own.index >= 0) {
    evidence[row.own.index] = 0;
    for (std::int64_t m = 0; m < keys.count; ++m) evidence[m] *= keys.label[m] == row.label ? row.own.gain : 1;
  }
  for (std::int64_t m = 0; m < keys.count; ++m) row.logits[keys.label[m]] += evidence[m];
  const double loss = cross_entropy(row.logits, keys.classes, row.label, row.share);
  for (std::int64_t m = 0; m < keys.count; ++m) evidence[m] *= scale * row.logits[keys.label[m]];
  return loss;
}

}  // namespace

TREFOIL_MULTIVERSIONED
double differentiate_row(const KeyRow<float>& row) { return differentiate(row); }

double differentiate_row(const KeyRow<double>& row) { return differentiate(row); }

}  // namespace trefoil::training
