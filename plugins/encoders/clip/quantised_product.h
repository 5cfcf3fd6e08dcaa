// QuantisedProduct: a product of 8-bit integers by oneDNN, for processors with AVX512_VNNI or AMX.
//
// Weights have one scale for each output channel. Rows are quantised as they come, each with its own range, so nothing
// must be calibrated and no row depends on another. The integers add up exactly; everything else is float32.
#pragma once

#include <memory>

#include "product.h"

namespace clip {

class QuantisedProduct final : public Product {
 public:
  // weight [out, in], bias [out] or undefined.
  QuantisedProduct(const torch::Tensor& weight, const torch::Tensor& bias);
  ~QuantisedProduct() override;

  void multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const override;

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace clip
