// Compute: device, dtype and kernels of the networks.
#pragma once

#include "trefoil/tensor.h"

namespace clip {

enum class Kernels {
  plain,   // LibTorch's operators: any device and dtype; the reference in tests
  packed,  // oneDNN's matrix products with packed weights and fused activations: CPU and float32 only
};

enum class Activation {
  quick_gelu,  // x · sigmoid(1.702 x)
  gelu,        // with the error function
  gelu_tanh    // an approximation of gelu with tanh
};

struct Compute {
  torch::Device device = torch::kCPU;
  torch::ScalarType type = torch::kFloat;
  Kernels kernels = Kernels::packed;
  Activation activation = Activation::quick_gelu;  // in the transformers; OpenAI's models use QuickGELU
  float epsilon = 1e-5F;                           // of layer normalisation; PyTorch's default, as in CLIP's training

  torch::Tensor place(const torch::Tensor& tensor) const { return tensor.to(device, type); }
};

}  // namespace clip
