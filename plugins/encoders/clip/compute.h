// Compute: where, in what type and with which kernels the networks run.
#pragma once

#include "trefoil/tensor.h"

namespace clip {

enum class Kernels {
  plain,   // LibTorch's operators: any device and type, and the reference for the others
  packed,  // oneDNN's matrix products with packed weights and fused activations: CPU, float32
};

enum class Activation { quick_gelu, gelu };

struct Compute {
  torch::Device device = torch::kCPU;
  torch::ScalarType type = torch::kFloat;
  Kernels kernels = Kernels::packed;
  Activation activation = Activation::quick_gelu;  // of the transformers; OpenAI's models use QuickGELU

  torch::Tensor place(const torch::Tensor& tensor) const { return tensor.to(device, type); }
};

}  // namespace clip
