// AdamW (Loshchilov & Hutter, ICLR 2019), step by step as torch.optim.AdamW computes it.
#pragma once

#include <trefoil/tensor.h>

#include <cstdint>

namespace trefoil::training {

// The learning rate of step t of T, counted from 0: rate (1 + cos(π t / T)) / 2.
double cosine_rate(double rate, std::int64_t step, std::int64_t steps);

class AdamW {
 public:
  // `parameter`, of any shape, is changed in place.
  AdamW(const torch::Tensor& parameter, double weight_decay, double epsilon);

  // Starts a step, to which the calls of `update` that follow belong.
  void begin_step(double rate);

  // Moves the slices [first, first + count) of the parameter's first dimension against their gradient, [count, …],
  // whose memory is used up. Different slices may be updated at once.
  void update(const torch::Tensor& gradient, std::int64_t first, std::int64_t count);

 private:
  torch::Tensor parameter_;
  torch::Tensor mean_;         // of the gradient, decaying
  torch::Tensor mean_square_;  // likewise
  double weight_decay_;
  double epsilon_;
  double rate_ = 0;
  double mean_correction_ = 1;  // both start at zero: what that takes away
  double square_correction_ = 1;
  std::int64_t steps_ = 0;
};

}  // namespace trefoil::training
