// float32 or float64: the choice between the two, made once, around a loop.
#pragma once

#include <trefoil/tensor.h>

namespace trefoil::training {

// work(0.0) for tensors of float64, work(0.0F) for those of float32.
template <typename Work>
auto with_scalar(torch::ScalarType type, Work work) {
  return type == torch::kDouble ? work(double{}) : work(float{});
}

}  // namespace trefoil::training
