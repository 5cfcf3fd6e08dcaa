// Chooses between float32 and float64 once, outside of a loop.
#pragma once

#include <trefoil/tensor.h>

namespace head_training {

// Calls and returns work(0.0) for float64 tensors and work(0.0F) for float32 tensors.
template <typename Work>
auto with_scalar(torch::ScalarType type, Work work) {
  return type == torch::kDouble ? work(double{}) : work(float{});
}

}  // namespace head_training
