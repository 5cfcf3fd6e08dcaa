#include "int8_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/simd.h"

namespace clip {

namespace {

namespace simd = trefoil::simd;

using Int32s = std::int32_t __attribute__((vector_size(64)));
using Uint8s = std::uint8_t __attribute__((vector_size(16)));
using Int8s = std::int8_t __attribute__((vector_size(16)));

constexpr float kLevels = 255;           // of a row's integers
constexpr float kLargestWeight = 127;    // −128 is not used, so that the grid is symmetric
constexpr float kSmallestStep = 1e-30F;  // below it, all integers of a row are 0

struct Range {
  float low;
  float high;
};

// The numbers of a row that are within ± limit.
struct Within {
  float squares = 0;  // sum of their squares
  float count = 0;
};

TREFOIL_MULTIVERSIONED
void measure_within(const float* row, std::int64_t count, float limit, Within& within) {
  simd::Floats squares = {};
  simd::Floats counts = {};
  std::int64_t i = 0;
  for (; i + simd::kWidth <= count; i += simd::kWidth) {
    simd::Floats x;
    simd::load(x, row + i);
    const simd::Floats size = x < 0.0F ? -x : x;
    squares += size > limit ? simd::Floats{} : x * x;
    counts += size > limit ? simd::Floats{} : simd::Floats{} + 1.0F;
  }
  within.squares = simd::sum(squares);
  within.count = simd::sum(counts);
  for (; i < count; ++i) {
    if (std::abs(row[i]) > limit) continue;
    within.squares += row[i] * row[i];
    within.count += 1;
  }
}

// Returns the size from which numbers are outliers. Large outliers would raise the root mean square of all numbers, so
// it is computed again without those found before.
float outlier_limit(const float* row, std::int64_t count) {
  float limit = std::numeric_limits<float>::max();
  float counted = static_cast<float>(count) + 1;
  for (int round = 0; round < kOutlierRounds; ++round) {
    Within within;
    measure_within(row, count, limit, within);
    if (within.count == counted) break;
    counted = within.count;
    limit = kOutlier * std::sqrt(within.squares / within.count);
  }
  return limit;
}

// Returns the smallest and the largest number of a row, clamped to ± limit.
TREFOIL_MULTIVERSIONED
void clamped_range(const float* row, std::int64_t count, float limit, Range& range) {
  simd::Floats low = simd::Floats{} + limit;
  simd::Floats high = simd::Floats{} - limit;
  std::int64_t i = 0;
  for (; i + simd::kWidth <= count; i += simd::kWidth) {
    simd::Floats x;
    simd::load(x, row + i);
    low = x < low ? x : low;
    high = x > high ? x : high;
  }
  range.low = -simd::max(-low);
  range.high = simd::max(high);
  for (; i < count; ++i) {
    range.low = std::min(range.low, row[i]);
    range.high = std::max(range.high, row[i]);
  }
  range.low = std::max(range.low, -limit);
  range.high = std::min(range.high, limit);
}

TREFOIL_MULTIVERSIONED
void round_row(const float* row, std::int64_t count, float low, float high, float levels_per_unit,
               std::uint8_t* integers) {
  std::int64_t i = 0;
  for (; i + simd::kWidth <= count; i += simd::kWidth) {
    simd::Floats x;
    simd::load(x, row + i);
    x = x < low ? simd::Floats{} + low : x;
    x = x > high ? simd::Floats{} + high : x;
    const Int32s levels = __builtin_convertvector((x - low) * levels_per_unit + 0.5F, Int32s);
    const Uint8s bytes = __builtin_convertvector(levels, Uint8s);
    std::memcpy(integers + i, &bytes, sizeof(bytes));
  }
  for (; i < count; ++i) {
    const float x = std::min(std::max(row[i], low), high);
    integers[i] = static_cast<std::uint8_t>(std::lround((x - low) * levels_per_unit));
  }
}

// Adds excess · w[column] to the sums [out], which are in units of the weights' scale.
TREFOIL_MULTIVERSIONED
void add_outlier(const std::int8_t* weights, std::int64_t count, float excess, float* sums) {
  std::int64_t i = 0;
  for (; i + simd::kWidth <= count; i += simd::kWidth) {
    Int8s bytes;
    std::memcpy(&bytes, weights + i, sizeof(bytes));
    simd::Floats x;
    simd::load(x, sums + i);
    x += excess * __builtin_convertvector(bytes, simd::Floats);
    simd::store(x, sums + i);
  }
  for (; i < count; ++i) sums[i] += excess * static_cast<float>(weights[i]);
}

TREFOIL_MULTIVERSIONED
void multiply_row(const float* row, std::int64_t count, float factor, float* target) {
  for (std::int64_t i = 0; i < count; ++i) target[i] = factor * row[i];
}

// erf(x) = 1 − (a₁ t + … + a₅ t⁵) exp(−x²), t = 1 / (1 + p x), for x ≥ 0; the error is at most 1.5e-7 (Abramowitz and
// Stegun, Handbook of Mathematical Functions, 7.1.26).
TREFOIL_INLINE_KERNEL void error_function(simd::Floats& x) {
  const simd::Floats size = x < 0.0F ? -x : x;
  const simd::Floats t = 1.0F / (1.0F + 0.3275911F * size);
  simd::Floats decay = -size * size;
  simd::exponentiate(decay);
  const simd::Floats series =
      t * (0.254829592F + t * (-0.284496736F + t * (1.421413741F + t * (-1.453152027F + t * 1.061405429F))));
  const simd::Floats erf = 1.0F - series * decay;
  x = x < 0.0F ? -erf : erf;
}

// Replaces x by x / (1 + exp(−slope)).
TREFOIL_INLINE_KERNEL void multiply_by_sigmoid(simd::Floats& x, const simd::Floats& slope) {
  simd::Floats decay = -slope;
  simd::exponentiate(decay);
  x = x / (1.0F + decay);
}

template <Epilogue epilogue>
TREFOIL_INLINE_KERNEL void activate(simd::Floats& x) {
  if constexpr (epilogue == Epilogue::quick_gelu) multiply_by_sigmoid(x, 1.702F * x);
  // (1 + tanh u) / 2 is the sigmoid of 2u.
  if constexpr (epilogue == Epilogue::gelu_tanh)
    multiply_by_sigmoid(x, 1.5957691216F * (x + 0.044715F * x * x * x));  // 2 √(2/π)
  if constexpr (epilogue == Epilogue::gelu) {
    simd::Floats erf = x * 0.70710678F;
    error_function(erf);
    x = 0.5F * x * (1.0F + erf);
  }
}

// Arrays with one element for each column of the result, and the step of the row.
struct Columns {
  const std::int32_t* sums;
  const float* offsets;
  const float* scale;
  const float* bias;
  float step;
};

template <Epilogue epilogue>
TREFOIL_INLINE_KERNEL void finish_some(const Columns& columns, std::int64_t first, std::int64_t count, float* target) {
  Int32s sums = {};
  simd::Floats offset = {};
  simd::Floats scale = {};
  simd::Floats bias = {};
  simd::Floats before = {};
  const auto bytes = static_cast<std::size_t>(count) * sizeof(float);
  std::memcpy(&sums, columns.sums + first, bytes);
  std::memcpy(&offset, columns.offsets + first, bytes);
  std::memcpy(&scale, columns.scale + first, bytes);
  std::memcpy(&bias, columns.bias + first, bytes);
  simd::Floats x = (offset + columns.step * __builtin_convertvector(sums, simd::Floats)) * scale + bias;
  activate<epilogue>(x);
  if constexpr (epilogue == Epilogue::sum) {
    std::memcpy(&before, target + first, bytes);
    x += before;
  }
  std::memcpy(target + first, &x, bytes);
}

template <Epilogue epilogue>
TREFOIL_INLINE_KERNEL void finish_all(const Columns& columns, std::int64_t count, float* target) {
  std::int64_t first = 0;
  for (; first + simd::kWidth <= count; first += simd::kWidth)
    finish_some<epilogue>(columns, first, simd::kWidth, target);
  if (first < count) finish_some<epilogue>(columns, first, count - first, target);
}

TREFOIL_MULTIVERSIONED
void finish(const Columns& columns, std::int64_t count, Epilogue epilogue, float* target) {
  switch (epilogue) {
    case Epilogue::none:
      return finish_all<Epilogue::none>(columns, count, target);
    case Epilogue::quick_gelu:
      return finish_all<Epilogue::quick_gelu>(columns, count, target);
    case Epilogue::gelu:
      return finish_all<Epilogue::gelu>(columns, count, target);
    case Epilogue::gelu_tanh:
      return finish_all<Epilogue::gelu_tanh>(columns, count, target);
    case Epilogue::sum:
      return finish_all<Epilogue::sum>(columns, count, target);
  }
}

void find_outliers(const float* row, std::int64_t count, float limit, std::vector<Outlier>& outliers) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (std::abs(row[i]) > limit) outliers.push_back({i, row[i] - std::copysign(limit, row[i])});
  }
}

}  // namespace

void quantise_row(const float* row, std::int64_t count, std::uint8_t* integers, QuantisedRow& quantised) {
  const float limit = outlier_limit(row, count);
  if (!std::isfinite(limit)) {  // so that the result is not finite either, and the caller sees it
    quantised = {limit, limit, {}};
    std::fill(integers, integers + count, std::uint8_t{0});
    return;
  }
  Range range = {0, 0};
  clamped_range(row, count, limit, range);
  quantised.outliers.clear();
  if (range.low == -limit || range.high == limit) find_outliers(row, count, limit, quantised.outliers);
  quantised.low = range.low;
  quantised.step = (range.high - range.low) / kLevels;
  const float levels_per_unit = quantised.step > kSmallestStep ? 1 / quantised.step : 0;
  round_row(row, count, range.low, range.high, levels_per_unit, integers);
}

QuantisedWeights quantise_weights(const float* weight, std::int64_t out, std::int64_t in) {
  QuantisedWeights weights;
  weights.in = in;
  weights.out = out;
  weights.by_input.resize(static_cast<std::size_t>(in * out));
  weights.scale.resize(static_cast<std::size_t>(out));
  weights.sum.resize(static_cast<std::size_t>(out));
  for (std::int64_t o = 0; o < out; ++o) {
    const float* row = weight + o * in;
    float largest = 0;
    for (std::int64_t i = 0; i < in; ++i) largest = std::max(largest, std::abs(row[i]));
    const float factor = largest > 0 ? kLargestWeight / largest : 0;
    float sum = 0;
    for (std::int64_t i = 0; i < in; ++i) {
      const float rounded = std::nearbyint(row[i] * factor);
      weights.by_input[static_cast<std::size_t>(i * out + o)] = static_cast<std::int8_t>(rounded);
      sum += rounded;
    }
    weights.scale[static_cast<std::size_t>(o)] = largest / kLargestWeight;
    weights.sum[static_cast<std::size_t>(o)] = sum;
  }
  return weights;
}

void finish_row(const QuantisedRow& row, const QuantisedWeights& weights, const std::int32_t* sums, const float* bias,
                Epilogue epilogue, float* offsets, float* target) {
  multiply_row(weights.sum.data(), weights.out, row.low, offsets);
  for (const Outlier& outlier : row.outliers)
    add_outlier(weights.by_input.data() + outlier.column * weights.out, weights.out, outlier.excess, offsets);
  finish({sums, offsets, weights.scale.data(), bias, row.step}, weights.out, epilogue, target);
}

}  // namespace clip
