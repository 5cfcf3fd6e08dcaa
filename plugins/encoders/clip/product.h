// Product: the matrix product of a dense layer with weights that were prepared once. Bias, activation and sum are
// applied while the result is still in the processor's cache.
#pragma once

#include <memory>

#include "compute.h"
#include "trefoil/tensor.h"

namespace clip {

// The operation after the product: none, an activation, or adding the result to the target.
enum class Epilogue { none, quick_gelu, gelu, gelu_tanh, sum };

// float32 on the CPU. `multiply` is safe to call from several threads.
class Product {
 public:
  Product() = default;
  Product(const Product&) = delete;
  Product& operator=(const Product&) = delete;
  virtual ~Product() = default;

  // Computes target [n, out] = epilogue(rows Wᵀ + b) for rows [n, in]. `target` is contiguous. A row of the result
  // depends on its own row only, to the last bit.
  virtual void multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const = 0;
};

// weight [out, in], bias [out] or undefined; both float32. Factors::int8 gives a QuantisedProduct, the others a
// PackedProduct.
std::unique_ptr<Product> make_product(const torch::Tensor& weight, const torch::Tensor& bias, Factors factors);

}  // namespace clip
