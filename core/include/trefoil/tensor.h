/// @file
/// torch::Tensor, as the headers of this folder use it.
///
/// LibTorch's `<torch/types.h>` takes ten seconds to read; the tensor itself and its operators take three. Include the
/// functions you call one by one (`<ATen/ops/zeros.h>` for torch::zeros), or `<torch/torch.h>` whole where time is no
/// matter: the names are the same.
#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

namespace torch {
using namespace at;  // as <torch/types.h> does
}
