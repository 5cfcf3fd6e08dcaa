// Layer normalisation into memory that is there: the kernel for the CPU and float32.
#pragma once

#include <cstdint>

namespace clip {

// target = (x − mean) / √(variance + epsilon) · scale + shift, for `count` rows of `width` numbers, a multiple of 16.
// The variance is the mean of (x − mean)², in a second pass. `target` may be `rows`.
void fused_layer_norm(const float* rows, std::int64_t count, std::int64_t width, const float* scale, const float* shift,
                      float epsilon, float* target);

}  // namespace clip
