#include "linear.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/sigmoid.h>

#include "product.h"

namespace clip {

namespace {

Epilogue epilogue_of(Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return Epilogue::gelu;
    case Activation::gelu_tanh:
      return Epilogue::gelu_tanh;
    case Activation::quick_gelu:
      break;
  }
  return Epilogue::quick_gelu;
}

torch::Tensor activated(const torch::Tensor& rows, Activation activation) {
  switch (activation) {
    case Activation::gelu:
      return at::gelu(rows);
    case Activation::gelu_tanh:
      return at::gelu(rows, "tanh");
    case Activation::quick_gelu:
      break;
  }
  return rows * at::sigmoid(rows * 1.702);
}

}  // namespace

Linear::Linear(const torch::Tensor& weight, const torch::Tensor& bias, const Compute& compute)
    : out_(weight.size(0)), activation_(compute.activation) {
  if (compute.kernels == Kernels::packed) {
    packed_ = make_product(weight, bias, compute.factors);
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
    packed_->multiply(rows, epilogue_of(activation_), target);
    return;
  }
  at::linear_out(target, rows, weight_, bias_);
  target.copy_(activated(target, activation_));
}

void Linear::add_to(torch::Tensor& sum, const torch::Tensor& rows) const {
  if (packed_) {
    packed_->multiply(rows, Epilogue::sum, sum);
  } else {
    sum += at::linear(rows, weight_, bias_);
  }
}

}  // namespace clip
