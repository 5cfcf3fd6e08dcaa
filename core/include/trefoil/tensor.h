/// @file
/// torch::Tensor, as the headers of this folder use it.
///
/// This reads the tensor and its methods only. Include each function of the namespace that you call, for example
/// `<ATen/ops/zeros.h>` for torch::zeros: trefoil's CMake target defines AT_PER_OPERATOR_HEADERS, with which LibTorch's
/// headers bring no other functions. `<torch/torch.h>` brings all of them, and takes three times as long to compile.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

namespace torch {
using namespace at;  // as <torch/types.h> does
}
