// Compute: device, dtype and kernels of the networks.
#pragma once

#include "trefoil/tensor.h"

namespace clip {

enum class Kernels {
  plain,   // LibTorch's operators: any device and dtype; the reference in tests
  packed,  // oneDNN's matrix products with packed weights and fused activations: float32 tensors on the CPU only
};

// The numbers that packed kernels multiply. Everything between the products stays float32.
enum class Factors {
  float32,
  bfloat16,  // weights and inputs are rounded to 8 bits of precision; needs a processor with AVX512_BF16
  int8       // weights and inputs are rounded to 256 levels; needs a processor with AVX512_VNNI
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
  Factors factors = Factors::float32;              // of packed kernels, in the transformers and the patch embedding
  Activation activation = Activation::quick_gelu;  // in the transformers; OpenAI's models use QuickGELU
  float epsilon = 1e-5F;                           // of layer normalisation; PyTorch's default, as in CLIP's training

  // The same with exact products, for layers that decide the features directly.
  Compute exact() const {
    Compute compute = *this;
    compute.factors = Factors::float32;
    return compute;
  }

  torch::Tensor place(const torch::Tensor& tensor) const { return tensor.to(device, type); }
};

}  // namespace clip
