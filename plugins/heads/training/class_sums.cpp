#include "class_sums.h"

#include <limits>

#include "row_arithmetic.h"

namespace head_training {

namespace {

template <typename Scalar>
TREFOIL_INLINE_KERNEL void split(const Keys& keys, Scalar beta, OwnKey<Scalar> own, Scalar* affinity,
                                 Scalar* log_factor) {
  constexpr Scalar kNone = -std::numeric_limits<Scalar>::infinity();
  std::fill(log_factor, log_factor + keys.classes, kNone);
  for (std::int64_t m = 0; m < keys.count; ++m) {
    Scalar& largest = log_factor[keys.label[m]];
    if (m != own.index) largest = std::max(largest, affinity[m]);
  }
  for (std::int64_t m = 0; m < keys.count; ++m) affinity[m] = beta * (affinity[m] - log_factor[keys.label[m]]);
  for (std::int64_t m = 0; m < keys.count; ++m) affinity[m] = exponential(affinity[m]);
  if (own.index >= 0) {
    affinity[own.index] = 0;
    const std::int64_t label = keys.label[own.index];
    for (std::int64_t m = 0; m < keys.count; ++m) affinity[m] *= keys.label[m] == label ? own.gain : 1;
  }
  for (std::int64_t c = 0; c < keys.classes; ++c) {
    log_factor[c] = log_factor[c] == kNone ? kNone : beta * (log_factor[c] - 1);
  }
}

template <typename Scalar>
TREFOIL_INLINE_KERNEL void sum(const Keys& keys, const Scalar* weight, const Scalar* kernel, Scalar* sums) {
  std::fill(sums, sums + keys.classes, Scalar{0});
  for (std::int64_t m = 0; m < keys.count; ++m) sums[keys.label[m]] += weight[m] * kernel[m];
}

template <typename Scalar>
TREFOIL_INLINE_KERNEL void add(const Keys& keys, const Scalar* kernel, const Scalar* sum_gradient, Scalar* gradient) {
  for (std::int64_t m = 0; m < keys.count; ++m) gradient[m] += kernel[m] * sum_gradient[keys.label[m]];
}

}  // namespace

TREFOIL_MULTIVERSIONED
void split_exponentials(const Keys& keys, float beta, OwnKey<float> own, float* affinity, float* log_factor) {
  split(keys, beta, own, affinity, log_factor);
}

void split_exponentials(const Keys& keys, double beta, OwnKey<double> own, double* affinity, double* log_factor) {
  split(keys, beta, own, affinity, log_factor);
}

TREFOIL_MULTIVERSIONED
void sum_by_class(const Keys& keys, const float* weight, const float* kernel, float* sums) {
  sum(keys, weight, kernel, sums);
}

void sum_by_class(const Keys& keys, const double* weight, const double* kernel, double* sums) {
  sum(keys, weight, kernel, sums);
}

TREFOIL_MULTIVERSIONED
void add_weight_gradient(const Keys& keys, const float* kernel, const float* sum_gradient, float* gradient) {
  add(keys, kernel, sum_gradient, gradient);
}

void add_weight_gradient(const Keys& keys, const double* kernel, const double* sum_gradient, double* gradient) {
  add(keys, kernel, sum_gradient, gradient);
}

}  // namespace head_training
