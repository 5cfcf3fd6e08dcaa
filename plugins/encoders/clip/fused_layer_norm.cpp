#include "fused_layer_norm.h"

#include <trefoil/lanes.h>

#include <cmath>

namespace trefoil::clip {

namespace {

TREFOIL_FOR_EACH_PROCESSOR
void normalise_row(const float* row, std::int64_t width, const float* scale, const float* shift, float epsilon,
                   float* target) {
  Lanes sums = {};
  for (std::int64_t i = 0; i < width; i += kLanes) {
    Lanes x;
    std::memcpy(&x, row + i, sizeof(x));
    sums += x;
  }
  float mean = 0;
  for (std::int64_t i = 0; i < kLanes; ++i) mean += sums[i];
  mean /= static_cast<float>(width);

  Lanes squares = {};
  for (std::int64_t i = 0; i < width; i += kLanes) {
    Lanes x;
    std::memcpy(&x, row + i, sizeof(x));
    squares += (x - mean) * (x - mean);
  }
  float variance = 0;
  for (std::int64_t i = 0; i < kLanes; ++i) variance += squares[i];
  variance /= static_cast<float>(width);

  const float factor = 1 / std::sqrt(variance + epsilon);
  for (std::int64_t i = 0; i < width; i += kLanes) {
    Lanes x;
    Lanes gain;
    Lanes offset;
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

}  // namespace trefoil::clip
