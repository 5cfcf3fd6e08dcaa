// Objective: the loss that a head minimises, as a function of the products of examples and the trained matrix.
#pragma once

#include "examples.h"

namespace head_training {

class Objective {
 public:
  Objective() = default;
  Objective(const Objective&) = delete;
  Objective& operator=(const Objective&) = delete;
  virtual ~Objective() = default;

  // product [n, K] holds the products of `rows` (the trained columns) and the transposed matrix. Replaces each product
  // by the derivative of the batch's mean cross-entropy by it. Returns the sum of the cross-entropies of these rows.
  // Several workers call it at the same time.
  virtual double differentiate(const Rows& rows, const torch::Tensor& product, int worker) = 0;

  // Called once all rows of a batch have been differentiated. Trains the parameters that are not in the matrix.
  virtual void step(double rate, std::int64_t batch) = 0;
};

}  // namespace head_training
