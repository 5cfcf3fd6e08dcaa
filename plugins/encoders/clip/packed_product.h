// PackedProduct: a product of float32 or bfloat16 by oneDNN. The weights are packed once into the memory order of the
// kernel.
#pragma once

#include <memory>

#include "product.h"

namespace clip {

// One call uses the threads that OpenMP grants.
class PackedProduct final : public Product {
 public:
  // weight [out, in], bias [out] or undefined. The weights are converted to `factors` here, the rows in each product.
  PackedProduct(const torch::Tensor& weight, const torch::Tensor& bias, Factors factors);
  ~PackedProduct() override;

  void multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const override;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace clip
