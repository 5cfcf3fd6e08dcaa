// Loops over one row, used by the hand-written kernels. The compiler vectorises them. They are inlined into functions
// marked TREFOIL_MULTIVERSIONED, so each version uses the instructions of its processor.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/simd.h"

namespace head_training {

namespace simd = trefoil::simd;

TREFOIL_INLINE_KERNEL float exponential(float x) {
  simd::exponentiate<float, std::uint32_t>(x);
  return x;
}

// The float64 version serves the tests: it is exact, not fast.
TREFOIL_INLINE_KERNEL double exponential(double x) { return std::exp(x); }

// Returns Σ x[i], added up in sixteen partial sums.
template <typename Scalar>
TREFOIL_INLINE_KERNEL Scalar sum_of(const Scalar* x, std::int64_t count) {
  Scalar partial[simd::kWidth] = {};
  std::int64_t i = 0;
  for (; i + simd::kWidth <= count; i += simd::kWidth) {
    for (std::int64_t lane = 0; lane < simd::kWidth; ++lane) partial[lane] += x[i + lane];
  }
  Scalar sum = 0;
  for (; i < count; ++i) sum += x[i];
  for (const Scalar part : partial) sum += part;
  return sum;
}

// Returns the largest element. `count` must be at least 1.
template <typename Scalar>
TREFOIL_INLINE_KERNEL Scalar largest_of(const Scalar* x, std::int64_t count) {
  Scalar partial[simd::kWidth];
  std::fill(partial, partial + simd::kWidth, x[0]);
  std::int64_t i = 0;
  for (; i + simd::kWidth <= count; i += simd::kWidth) {
    for (std::int64_t lane = 0; lane < simd::kWidth; ++lane) {
      partial[lane] = x[i + lane] > partial[lane] ? x[i + lane] : partial[lane];
    }
  }
  Scalar largest = *std::max_element(partial, partial + simd::kWidth);
  for (; i < count; ++i) largest = std::max(largest, x[i]);
  return largest;
}

// Returns the cross-entropy of softmax(logits [C]) and the label. Replaces the logits by its derivative by them,
// multiplied by `share`.
template <typename Scalar>
TREFOIL_INLINE_KERNEL double cross_entropy(Scalar* logits, std::int64_t count, std::int64_t label, Scalar share) {
  const Scalar largest = largest_of(logits, count);
  const Scalar own = logits[label] - largest;
  for (std::int64_t c = 0; c < count; ++c) logits[c] = exponential(logits[c] - largest);
  const Scalar sum = sum_of(logits, count);
  const Scalar scale = share / sum;
  for (std::int64_t c = 0; c < count; ++c) logits[c] *= scale;
  logits[label] -= share;
  return std::log(static_cast<double>(sum)) - static_cast<double>(own);
}

}  // namespace head_training
