// The nearest neighbours of rows by their cosine similarity, exactly.
#pragma once

#include <trefoil/tensor.h>

#include <cstdint>
#include <functional>

#include "../../shared/workers.h"

namespace adapting {

struct Neighbours {
  torch::Tensor index;    // [n, k] int32, nearest first; of equal cosines, the lower index first
  torch::Tensor cosines;  // [n, k] of the rows' type
};

// Returns the k nearest other rows of each row [n, D], k < n. The rows have unit length, and are float32 or float64.
// Takes 2 n² D operations, in tiles of fixed size. Calls progress(done, total) from the calling thread.
Neighbours nearest_neighbours(const torch::Tensor& rows, std::int64_t k, parallel::Workers& workers,
                              const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace adapting
