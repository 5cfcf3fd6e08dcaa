#include "product.h"

#include "packed_product.h"
#include "quantised_product.h"

namespace clip {

std::unique_ptr<Product> make_product(const torch::Tensor& weight, const torch::Tensor& bias, Factors factors) {
  if (factors == Factors::int8) return std::make_unique<QuantisedProduct>(weight, bias);
  return std::make_unique<PackedProduct>(weight, bias, factors);
}

}  // namespace clip
