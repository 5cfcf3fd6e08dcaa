// PackedProduct: a matrix product by oneDNN. The weights are packed once into the memory order of the kernel. Bias,
// activation and sum are applied while the result is still in the processor's cache.
#pragma once

#include <memory>

#include "compute.h"
#include "trefoil/tensor.h"

namespace clip {

// The operation after the product: none, an activation, or adding the result to the target.
enum class Epilogue { none, quick_gelu, gelu, gelu_tanh, sum };

// float32 on the CPU. `multiply` is safe to call from several threads. One call uses the threads that OpenMP grants.
class PackedProduct {
 public:
  // weight [out, in], bias [out] or undefined. The weights are converted to `factors` here, the rows in each product.
  PackedProduct(const torch::Tensor& weight, const torch::Tensor& bias, Factors factors);
  PackedProduct(const PackedProduct&) = delete;
  PackedProduct& operator=(const PackedProduct&) = delete;
  ~PackedProduct();

  // Computes target [n, out] = epilogue(rows Wᵀ + b) for rows [n, in]. `target` is contiguous.
  void multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace clip
