// Layer normalisation into existing memory. For the CPU and float32.
#pragma once

#include <cstdint>

namespace clip {

constexpr std::int64_t kLayerNormStep = 16;  // elements; the kernel supports only widths that are a multiple of it

// Computes target = (x − mean) / √(variance + epsilon) · scale + shift for `count` rows of `width` elements. `width`
// must be a multiple of kLayerNormStep. The variance is the mean of (x − mean)², computed in a second pass. `target`
// may be `rows`.
void fused_layer_norm(const float* rows, std::int64_t count, std::int64_t width, const float* scale, const float* shift,
                      float epsilon, float* target);

}  // namespace clip
