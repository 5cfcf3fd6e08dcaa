// The arithmetic around a product of 8-bit integers: rows of float32 become integers, and the sums become float32.
#pragma once

#include <cstdint>
#include <vector>

#include "product.h"

namespace clip {

// A number of a row that is too large for the row's integers.
struct Outlier {
  std::int64_t column;
  float excess;  // what the integers do not hold
};

// A row x is quantised as x_i ≈ low + step · q_i, with q_i from 0 to 255, plus the excess of its outliers.
struct QuantisedRow {
  float low = 0;
  float step = 0;
  std::vector<Outlier> outliers;
};

// Outliers are numbers beyond ± 6 root mean squares of their row, counted without those that were found in the round
// before. At most 1 / 36 of the numbers can be found in a round. Without them the others would be rounded to a coarse
// grid: a few channels of a transformer are much larger than all others. They are kept apart as in LLM.int8() (Dettmers
// et al., NeurIPS 2022), here for each row.
constexpr float kOutlier = 6;
constexpr int kOutlierRounds = 3;

// Writes the integers of a row [count] to `integers` and returns the rest. Only the row decides the result.
void quantise_row(const float* row, std::int64_t count, std::uint8_t* integers, QuantisedRow& quantised);

// The weights of a product, as W[o, i] ≈ scale[o] · w[o, i], with w from -127 to 127.
struct QuantisedWeights {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::vector<std::int8_t> by_input;  // [in, out]
  std::vector<float> scale;           // [out]
  std::vector<float> sum;             // [out], the sum over inputs of w
};

// weight [out, in], row-major.
QuantisedWeights quantise_weights(const float* weight, std::int64_t out, std::int64_t in);

// Computes target [out] = epilogue(x Wᵀ + b) of a row from its sums Σ_i w[o, i] q_i. `offsets` [out] is scratch memory.
void finish_row(const QuantisedRow& row, const QuantisedWeights& weights, const std::int32_t* sums, const float* bias,
                Epilogue epilogue, float* offsets, float* target);

}  // namespace clip
