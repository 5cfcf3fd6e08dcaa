// Class means to begin with, from the queries that a classifier is most sure of.
#pragma once

#include <trefoil/tensor.h>

#include <cstdint>

#include "../../shared/workers.h"

namespace adapting {

// Returns for each class the mean of the `most` rows [N, D] in which its log-probability [N, C] is largest, or of all
// rows if there are fewer: [C, D] float64. Of equal rows, the earlier one is taken.
torch::Tensor confident_means(const torch::Tensor& rows, const torch::Tensor& log_probabilities, std::int64_t most,
                              parallel::Workers& workers);

// Returns the bytes that each thread of `confident_means` needs.
double confident_means_bytes(double rows);

}  // namespace adapting
