// PackedProduct: a matrix product by oneDNN, whose weights are brought once into the order that its kernel reads, and
// whose bias, activation or sum is applied while the result is still in the cache.
#pragma once

#include <memory>

#include "trefoil/tensor.h"

namespace clip {

// What follows the product: nothing, an activation, or adding to what the target holds.
enum class Epilogue { none, quick_gelu, gelu, sum };

// float32 on the CPU. Const and safe to call from several threads; one call runs on as many threads as OpenMP gives it.
class PackedProduct {
 public:
  // weight [out, in], bias [out] or undefined.
  PackedProduct(const torch::Tensor& weight, const torch::Tensor& bias);
  PackedProduct(const PackedProduct&) = delete;
  PackedProduct& operator=(const PackedProduct&) = delete;
  ~PackedProduct();

  // target [n, out] = epilogue(rows Wᵀ + b), rows [n, in]; `target` is contiguous.
  void multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace clip
