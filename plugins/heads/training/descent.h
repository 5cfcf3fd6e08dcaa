// Descent: trains a matrix by gradient steps on batches of examples.
//
// A step multiplies the batch's rows by the matrix, lets the objective turn the products into derivatives, and
// multiplies back. Each part is cut into tasks of fixed size that write apart from each other, so results do not depend
// on the number of threads. All memory is taken once.
#pragma once

#include <functional>
#include <vector>

#include "adamw.h"
#include "objective.h"
#include "workers.h"

namespace trefoil::training {

struct Settings {
  double rate = 3e-4;  // the first; it falls along a cosine
  std::int64_t epochs = 30;
  double weight_decay = 0.1;
  double epsilon = 1e-3;
  std::int64_t batch = 0;  // rows in a step; 0: all
  std::uint64_t seed = 1;  // of the order, if batch is not 0
  bool masked = true;      // a row does not see its own key
};

class Descent {
 public:
  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

  // matrix [K, Q], changed in place, is multiplied with the columns [Q] of the examples; with all of them if `columns`
  // is undefined.
  Descent(const torch::Tensor& matrix, const Examples& examples, const torch::Tensor& columns, Objective& objective,
          const Settings& settings, Workers& workers);

  // -> the mean cross-entropy of every step's batch, before the step. Throws std::runtime_error when it is not finite.
  std::vector<double> run(const Progress& progress);

 private:
  double step(std::int64_t view, const std::int64_t* index, std::int64_t count, double rate);
  double forward(const Rows& chunk);
  void backward(std::int64_t rows, bool first_chunk, bool last_chunk);

  torch::Tensor matrix_;
  const Examples& examples_;  // outlive this, as do the next two
  torch::Tensor columns_;
  Objective& objective_;
  Settings settings_;
  Workers& workers_;
  AdamW optimiser_;
  std::int64_t chunk_;          // rows that are multiplied and multiplied back before the next
  torch::Tensor features_;      // [chunk, Q]
  torch::Tensor product_;       // [chunk, K]
  torch::Tensor gradient_;      // [K, Q]
  std::vector<double> losses_;  // of a chunk's tasks
};

}  // namespace trefoil::training
