// Descent: trains a matrix by gradient steps on batches of examples.
//
// A step multiplies the rows of the batch by the matrix. The objective replaces the products by derivatives, and these
// are multiplied by the rows to give the gradient. Each part is cut into tasks of fixed size that write to separate
// memory, so results do not depend on the number of threads. All memory is allocated once, in the constructor.
#pragma once

#include <functional>
#include <vector>

#include "../../shared/workers.h"
#include "adamw.h"
#include "objective.h"

namespace head_training {

struct Settings {
  double rate = 3e-4;  // learning rate of the first step; it falls along a cosine
  std::int64_t epochs = 30;
  double weight_decay = 0.1;
  double epsilon = 1e-3;
  std::int64_t batch = 0;  // images per step; 0: all images
  std::uint64_t seed = 1;  // for the order of the images, unless batch is 0
  bool masked = true;      // an image does not see its own key (own_keys.h)
};

class Descent {
 public:
  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

  // Trains matrix [K, Q] in place. It is multiplied with the columns [Q] of the examples, or with all columns if
  // `columns` is undefined. `examples`, `objective` and `workers` must outlive this object.
  Descent(const torch::Tensor& matrix, const Examples& examples, const torch::Tensor& columns, Objective& objective,
          const Settings& settings, parallel::Workers& workers);

  // Returns the mean cross-entropy of the batch before each step. Throws std::runtime_error if it is not finite.
  std::vector<double> run(const Progress& progress);

 private:
  double step(std::int64_t view, const std::int64_t* index, std::int64_t count, double rate);
  double forward(const Rows& chunk);
  void backward(std::int64_t rows, bool first_chunk, bool last_chunk);

  torch::Tensor matrix_;
  const Examples& examples_;
  torch::Tensor columns_;
  Objective& objective_;
  Settings settings_;
  parallel::Workers& workers_;
  AdamW optimiser_;
  std::int64_t chunk_;          // rows in one forward and backward pass
  torch::Tensor features_;      // [chunk, Q]
  torch::Tensor product_;       // [chunk, K]
  torch::Tensor gradient_;      // [K, Q]
  std::vector<double> losses_;  // one sum for each task of a chunk
};

}  // namespace head_training
