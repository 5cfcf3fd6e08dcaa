// The features of queries and support images together, for methods that compare all of them with each other.
#pragma once

#include <trefoil/adapter.h>

#include <functional>

#include "../../shared/workers.h"

namespace adapting {

// Returns the queries, followed by the support images: [N + M, D], of the support's type. Every block of rows [n, D]
// passes through `transform`, which several threads call at the same time.
torch::Tensor node_rows(const trefoil::Queries& queries, const trefoil::Support& support, parallel::Workers& workers,
                        const std::function<torch::Tensor(const torch::Tensor& block)>& transform);

// Throws std::runtime_error when `method` needs more bytes for the queries than `allowed_gib`, or has more nodes than
// the index of neighbours can number.
void require_memory(const char* method, const trefoil::Queries& queries, const trefoil::Support& support, double bytes,
                    double allowed_gib);

}  // namespace adapting
