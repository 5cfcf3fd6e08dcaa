#include "linear.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/sigmoid.h>

#include "packed_product.h"

namespace clip {

Linear::Linear(const torch::Tensor& weight, const torch::Tensor& bias, const Compute& compute)
    : out_(weight.size(0)), activation_(compute.activation) {
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
  torch::Tensor result = torch::empty({rows.size(0), out_}, rows.options());
  into(result, rows);
  return result;
}

void Linear::into(torch::Tensor& target, const torch::Tensor& rows) const {
  if (packed_) {
    packed_->multiply(rows, Epilogue::none, target);
  } else {
    at::linear_out(target, rows, weight_, bias_);
  }
}

void Linear::activated_into(torch::Tensor& target, const torch::Tensor& rows) const {
  if (packed_) {
    packed_->multiply(rows, activation_ == Activation::gelu ? Epilogue::gelu : Epilogue::quick_gelu, target);
    return;
  }
  at::linear_out(target, rows, weight_, bias_);
  // QuickGELU in OpenAI's CLIP: x · sigmoid(1.702 x).
  target.copy_(activation_ == Activation::gelu ? at::gelu(target) : target * at::sigmoid(target * 1.702));
}

void Linear::add_to(torch::Tensor& sum, const torch::Tensor& rows) const {
  if (packed_) {
    packed_->multiply(rows, Epilogue::sum, sum);
  } else {
    sum += at::linear(rows, weight_, bias_);
  }
}

}  // namespace clip
