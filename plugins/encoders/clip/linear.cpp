#include "linear.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/sigmoid.h>

#include "packed_product.h"

namespace trefoil::clip {

Linear::Linear(const torch::Tensor& weight, const torch::Tensor& bias, const Compute& compute)
    : activation_(compute.activation) {
  if (compute.kernels == Kernels::packed) {
    packed_ = std::make_unique<PackedProduct>(weight, bias);
    return;
  }
  weight_ = compute.place(weight);
  if (bias.defined()) bias_ = compute.place(bias);
}

Linear::Linear(Linear&&) noexcept = default;
Linear& Linear::operator=(Linear&&) noexcept = default;
Linear::~Linear() = default;

torch::Tensor Linear::operator()(const torch::Tensor& rows) const {
  if (packed_) return packed_->multiply(rows, Epilogue::none);
  return at::linear(rows, weight_, bias_);
}

torch::Tensor Linear::activated(const torch::Tensor& rows) const {
  if (packed_) {
    return packed_->multiply(rows, activation_ == Activation::gelu ? Epilogue::gelu : Epilogue::quick_gelu);
  }
  const torch::Tensor result = at::linear(rows, weight_, bias_);
  // QuickGELU of OpenAI's CLIP: x · sigmoid(1.702 x).
  return activation_ == Activation::gelu ? at::gelu(result) : result * at::sigmoid(result * 1.702);
}

void Linear::add_to(torch::Tensor& sum, const torch::Tensor& rows) const {
  if (packed_) {
    packed_->add_to(sum, rows);
  } else {
    sum += at::linear(rows, weight_, bias_);
  }
}

}  // namespace trefoil::clip
