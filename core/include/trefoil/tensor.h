/// @file
/// Includes torch::Tensor for the headers of this folder.
///
/// This header declares the class and its methods only. For each free function that you call, include its header, for
/// example `<ATen/ops/zeros.h>` for torch::zeros. Trefoil's CMake target defines AT_PER_OPERATOR_HEADERS, so LibTorch's
/// headers do not include the other functions. `<torch/torch.h>` includes all of them, and takes about three times as
/// long to compile.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

namespace torch {
using namespace at;  // as <torch/types.h> does
}
