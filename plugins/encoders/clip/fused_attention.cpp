#include "fused_attention.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/simd.h"

namespace clip {

namespace {

namespace simd = trefoil::simd;

constexpr std::int64_t kTile = 2 * simd::kWidth;  // keys, or channels of the values, per step of the inner loops
constexpr std::int64_t kRows = 4;                 // queries per step; more do not fit into the registers

constexpr std::int64_t rounded_up(std::int64_t number, std::int64_t step) { return (number + step - 1) / step * step; }

struct Head {
  const float* query;  // [t, 64]; rows of query, key and value are `stride` apart
  const float* key;    // [t, 64]
  const float* value;  // [t, 64]
  std::int64_t stride;
  float* target;  // [t, 64]
  std::int64_t target_stride;
  std::int64_t positions;
  bool causal;
};

// Memory that all heads of a call share.
struct Scratch {
  explicit Scratch(std::int64_t positions)
      : padded(rounded_up(positions, kTile)),
        keys(static_cast<std::size_t>(kHeadWidth * padded)),
        scores(static_cast<std::size_t>(kRows * padded)) {}

  std::int64_t padded;        // positions, rounded up to whole tiles
  std::vector<float> keys;    // [64, padded], transposed; zeros after the last position
  std::vector<float> scores;  // [4, padded]
};

void transpose_keys(const Head& head, Scratch& scratch) {
  for (std::int64_t position = 0; position < head.positions; ++position) {
    const float* key = head.key + position * head.stride;
    for (std::int64_t i = 0; i < kHeadWidth; ++i) {
      scratch.keys[static_cast<std::size_t>(i * scratch.padded + position)] = key[i];
    }
  }
}

// Replaces the first `valid` scores of a row by their exponentials and the others by zeros. Returns the sum.
TREFOIL_MULTIVERSIONED
float exponentiate_row(float* scores, std::int64_t valid, std::int64_t padded, float scale) {
  std::fill(scores + valid, scores + padded, -std::numeric_limits<float>::infinity());
  simd::Floats largest_lanes;
  simd::load(largest_lanes, scores);
  for (std::int64_t place = simd::kWidth; place < padded; place += simd::kWidth) {
    simd::Floats x;
    simd::load(x, scores + place);
    largest_lanes = x > largest_lanes ? x : largest_lanes;
  }
  const float largest = simd::max(largest_lanes);
  for (std::int64_t place = 0; place < padded; place += simd::kWidth) {
    simd::Floats x;
    simd::load(x, scores + place);
    x = (x - largest) * scale;
    simd::exponentiate(x);
    simd::store(x, scores + place);
  }
  std::fill(scores + valid, scores + padded, 0.0F);
  simd::Floats sums = {};
  for (std::int64_t place = 0; place < padded; place += simd::kWidth) {
    simd::Floats x;
    simd::load(x, scores + place);
    sums += x;
  }
  return simd::sum(sums);
}

// Computes scores [4, limit]: the products of four queries and the first `limit` keys.
TREFOIL_MULTIVERSIONED
void multiply_keys(const float* const* query, std::int64_t limit, Scratch& scratch) {
  for (std::int64_t tile = 0; tile < limit; tile += kTile) {
    simd::Floats sum[kRows][2] = {};
    const float* keys = scratch.keys.data() + tile;
    for (std::int64_t i = 0; i < kHeadWidth; ++i, keys += scratch.padded) {
      simd::Floats key[2];
      std::memcpy(key, keys, sizeof(key));
      for (std::int64_t row = 0; row < kRows; ++row) {
        sum[row][0] += query[row][i] * key[0];
        sum[row][1] += query[row][i] * key[1];
      }
    }
    for (std::int64_t row = 0; row < kRows; ++row) {
      std::memcpy(scratch.scores.data() + row * scratch.padded + tile, sum[row], sizeof(sum[row]));
    }
  }
}

// Computes result [4, 64] = scores [4, limit] · values.
TREFOIL_MULTIVERSIONED
void multiply_values(const Head& head, std::int64_t limit, const Scratch& scratch, float (*result)[kHeadWidth]) {
  for (std::int64_t tile = 0; tile < kHeadWidth; tile += kTile) {
    simd::Floats sum[kRows][2] = {};
    const float* values = head.value + tile;
    for (std::int64_t position = 0; position < limit; ++position, values += head.stride) {
      simd::Floats value[2];
      std::memcpy(value, values, sizeof(value));
      for (std::int64_t row = 0; row < kRows; ++row) {
        const float score = scratch.scores[static_cast<std::size_t>(row * scratch.padded + position)];
        sum[row][0] += score * value[0];
        sum[row][1] += score * value[1];
      }
    }
    for (std::int64_t row = 0; row < kRows; ++row) std::memcpy(result[row] + tile, sum[row], sizeof(sum[row]));
  }
}

// Computes the attention of four queries, starting at `first`. If fewer are left, the last one is repeated, and the
// repetitions are not stored.
void attend_rows(const Head& head, std::int64_t first, Scratch& scratch) {
  const float scale = 1 / std::sqrt(static_cast<float>(kHeadWidth));
  const float* query[kRows];
  for (std::int64_t row = 0; row < kRows; ++row) {
    query[row] = head.query + std::min(first + row, head.positions - 1) * head.stride;
  }
  const std::int64_t limit = head.causal ? std::min(first + kRows, head.positions) : head.positions;
  multiply_keys(query, limit, scratch);
  float sum[kRows];
  for (std::int64_t row = 0; row < kRows; ++row) {
    const std::int64_t valid = head.causal ? std::min(first + row + 1, limit) : limit;
    sum[row] = exponentiate_row(scratch.scores.data() + row * scratch.padded, valid, rounded_up(limit, kTile), scale);
  }
  float result[kRows][kHeadWidth];
  multiply_values(head, limit, scratch, result);
  for (std::int64_t row = 0; row < std::min(kRows, head.positions - first); ++row) {
    float* target = head.target + (first + row) * head.target_stride;
    for (std::int64_t i = 0; i < kHeadWidth; ++i) target[i] = result[row][i] / sum[row];
  }
}

}  // namespace

void fused_attention(const float* projected, const AttentionShape& shape, float* target) {
  const std::int64_t width = shape.heads * kHeadWidth;
  Scratch scratch(shape.positions);
  for (std::int64_t sequence = 0; sequence < shape.sequences; ++sequence) {
    const float* rows = projected + sequence * shape.positions * 3 * width;
    for (std::int64_t i = 0; i < width; i += kHeadWidth) {
      const Head head = {
          rows + i, rows + width + i, rows + 2 * width + i, 3 * width, target + sequence * shape.positions * width + i,
          width,    shape.positions,  shape.causal};
      transpose_keys(head, scratch);
      for (std::int64_t first = 0; first < shape.positions; first += kRows) attend_rows(head, first, scratch);
    }
  }
}

}  // namespace clip
