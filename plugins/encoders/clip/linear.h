// Linear: a dense layer, behind which two kernels stand.
#pragma once

#include <memory>

#include "compute.h"
#include "trefoil/tensor.h"

namespace clip {

class PackedProduct;

// x [n, in] -> x Wᵀ + b [n, out]. Const and safe to call from several threads.
class Linear {
 public:
  // weight [out, in], bias [out] or undefined; float32 on the CPU, as they come from the file.
  Linear(const torch::Tensor& weight, const torch::Tensor& bias, const Compute& compute);
  Linear(Linear&&) noexcept;
  Linear& operator=(Linear&&) noexcept;
  ~Linear();

  torch::Tensor operator()(const torch::Tensor& rows) const;

  // The same into memory that is there, [n, out], contiguous, and its activation, without a pass of its own where the
  // kernel can.
  void into(torch::Tensor& target, const torch::Tensor& rows) const;
  void activated_into(torch::Tensor& target, const torch::Tensor& rows) const;

  // sum [n, out] += the above; `sum` is contiguous.
  void add_to(torch::Tensor& sum, const torch::Tensor& rows) const;

 private:
  std::int64_t out_;
  Activation activation_;
  torch::Tensor weight_;  // plain kernel only
  torch::Tensor bias_;
  std::unique_ptr<PackedProduct> packed_;  // packed kernel only
};

}  // namespace clip
