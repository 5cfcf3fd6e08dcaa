// Objective: what a head minimises, as a function of the products of examples and the trained matrix.
#pragma once

#include "examples.h"

namespace trefoil::training {

class Objective {
 public:
  Objective() = default;
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;
  virtual ~Objective() = default;

  // product [n, K] = the columns trained of `rows` · matrixᵀ, which becomes the derivative of the batch's mean
  // cross-entropy by it. -> the sum of these rows' cross-entropies. Called by several workers at once.
  virtual double differentiate(const Rows& rows, const torch::Tensor& product, int worker) = 0;

  // All rows of a batch have been differentiated: trains what is trained besides the matrix.
  virtual void step(double rate, std::int64_t batch) = 0;
};

}  // namespace trefoil::training
