#include "adamw.h"

#include <ATen/ops/sqrt.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

namespace head_training {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kMeanDecay = 0.9;
constexpr double kSquareDecay = 0.999;

}  // namespace

double cosine_rate(double rate, std::int64_t step, std::int64_t steps) {
  return rate * (1 + std::cos(kPi * static_cast<double>(step) / static_cast<double>(steps))) / 2;
}

AdamW::AdamW(const torch::Tensor& parameter, double weight_decay, double epsilon)
    : parameter_(parameter),
      mean_(torch::zeros_like(parameter)),
      mean_square_(torch::zeros_like(parameter)),
      weight_decay_(weight_decay),
      epsilon_(epsilon) {}

void AdamW::begin_step(double rate) {
  rate_ = rate;
  ++steps_;
  mean_correction_ = 1 - std::pow(kMeanDecay, steps_);
  square_correction_ = std::sqrt(1 - std::pow(kSquareDecay, steps_));
}

void AdamW::update(const torch::Tensor& gradient, std::int64_t first, std::int64_t count) {
  torch::Tensor parameter = parameter_.narrow(0, first, count);
  torch::Tensor mean = mean_.narrow(0, first, count);
  torch::Tensor mean_square = mean_square_.narrow(0, first, count);
  parameter.mul_(1 - rate_ * weight_decay_);
  mean.mul_(kMeanDecay).add_(gradient, 1 - kMeanDecay);
  mean_square.mul_(kSquareDecay).addcmul_(gradient, gradient, 1 - kSquareDecay);
  torch::Tensor root = gradient;
  torch::sqrt_out(root, mean_square).div_(square_correction_).add_(epsilon_);
  parameter.addcdiv_(mean, root, -rate_ / mean_correction_);
}

}  // namespace head_training
