// Multi-head attention (Vaswani et al., NeurIPS 2017), as CLIP's transformers use it.
#pragma once

#include <cstdint>

#include "compute.h"
#include "trefoil/tensor.h"

namespace clip {

enum class Mask { none, causal };  // causal: a position sees itself and the positions before it

// Writes target [n·t, width], the input of the output projection. projected [n·t, 3·width] holds query, key and value
// of t positions in each of n sequences. Both are contiguous.
void attention(const torch::Tensor& projected, std::int64_t sequences, std::int64_t heads, Mask mask, Kernels kernels,
               torch::Tensor& target);

}  // namespace clip
