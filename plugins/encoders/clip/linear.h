// Linear: a dense layer with two implementations, plain and packed.
#pragma once

#include <memory>

#include "compute.h"
#include "trefoil/tensor.h"

namespace clip {

class Product;

// Computes x Wᵀ + b: [n, in] -> [n, out]. Its const functions are safe to call from several threads.
class Linear {
 public:
  // weight [out, in], bias [out] or undefined; both float32 on the CPU.
  Linear(const torch::Tensor& weight, const torch::Tensor& bias, const Compute& compute);
  Linear(Linear&&) noexcept;
  Linear& operator=(Linear&&) noexcept;
  ~Linear();

  // Returns a new tensor [n, out].
  torch::Tensor operator()(const torch::Tensor& rows) const;

  // Writes to target [n, out], contiguous.
  void into(torch::Tensor& target, const torch::Tensor& rows) const;

  // Writes the activation of the result to target [n, out], contiguous. The packed kernel needs no separate pass.
  void activated_into(torch::Tensor& target, const torch::Tensor& rows) const;

  // Adds the result to sum [n, out], contiguous.
  void add_to(torch::Tensor& sum, const torch::Tensor& rows) const;

 private:
  std::int64_t out_;
  Activation activation_;
  torch::Tensor weight_;  // plain kernel only, like bias_
  torch::Tensor bias_;
  std::unique_ptr<Product> packed_;  // packed kernel only
};

}  // namespace clip
