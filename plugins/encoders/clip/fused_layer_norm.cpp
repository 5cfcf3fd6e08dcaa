#include "fused_layer_norm.h"

#include <cmath>

#include "base/simd.h"

namespace clip {

namespace {

namespace simd = trefoil::simd;

static_assert(kLayerNormStep % simd::kWidth == 0);

TREFOIL_MULTIVERSIONED
void normalise_row(const float* row, std::int64_t width, const float* scale, const float* shift, float epsilon,
                   float* target) {
  simd::Floats sums = {};
  for (std::int64_t i = 0; i < width; i += simd::kWidth) {
    simd::Floats x;
    std::memcpy(&x, row + i, sizeof(x));
    sums += x;
  }
  float mean = 0;
  for (std::int64_t i = 0; i < simd::kWidth; ++i) mean += sums[i];
  mean /= static_cast<float>(width);

  simd::Floats squares = {};
  for (std::int64_t i = 0; i < width; i += simd::kWidth) {
    simd::Floats x;
    std::memcpy(&x, row + i, sizeof(x));
    squares += (x - mean) * (x - mean);
  }
  float variance = 0;
  for (std::int64_t i = 0; i < simd::kWidth; ++i) variance += squares[i];
  variance /= static_cast<float>(width);

  const float factor = 1 / std::sqrt(variance + epsilon);
  for (std::int64_t i = 0; i < width; i += simd::kWidth) {
    simd::Floats x;
    simd::Floats gain;
    simd::Floats offset;
    std::memcpy(&x, row + i, sizeof(x));
    std::memcpy(&gain, scale + i, sizeof(gain));
    std::memcpy(&offset, shift + i, sizeof(offset));
    x = (x - mean) * factor * gain + offset;
    std::memcpy(target + i, &x, sizeof(x));
  }
}

}  // namespace

void fused_layer_norm(const float* rows, std::int64_t count, std::int64_t width, const float* scale, const float* shift,
                      float epsilon, float* target) {
  for (std::int64_t row = 0; row < count; ++row) {
    normalise_row(rows + row * width, width, scale, shift, epsilon, target + row * width);
  }
}

}  // namespace clip
