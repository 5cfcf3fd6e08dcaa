// AdamW (Loshchilov & Hutter, ICLR 2019), with the same arithmetic as torch.optim.AdamW.
#pragma once

#include <trefoil/tensor.h>

#include <cstdint>

namespace head_training {

// Returns the learning rate of step t of T, counted from 0: rate (1 + cos(π t / T)) / 2.
double cosine_rate(double rate, std::int64_t step, std::int64_t steps);

class AdamW {
 public:
  // `parameter` may have any shape; `update` changes it in place.
  AdamW(const torch::Tensor& parameter, double weight_decay, double epsilon);

  // Starts a step. The calls of `update` that follow belong to it.
  void begin_step(double rate);

  // Updates the slices [first, first + count) of the parameter's first dimension. `gradient` [count, …] is their
  // gradient; its memory is overwritten. Several threads may update different slices at the same time.
  void update(const torch::Tensor& gradient, std::int64_t first, std::int64_t count);

 private:
  torch::Tensor parameter_;
  torch::Tensor mean_;         // decaying mean of the gradient
  torch::Tensor mean_square_;  // decaying mean of the squared gradient
  double weight_decay_;
  double epsilon_;
  double rate_ = 0;
  double mean_correction_ = 1;  // bias corrections: both means start at zero
  double square_correction_ = 1;
  std::int64_t steps_ = 0;
};

}  // namespace head_training
