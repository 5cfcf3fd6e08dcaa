// Label propagation over a graph of nearest neighbours (Zhou et al., "Learning with Local and Global Consistency", NIPS
// 2003).
#pragma once

#include <trefoil/tensor.h>

#include <cstdint>
#include <functional>

#include "../../shared/workers.h"
#include "neighbour_graph.h"

namespace adapting {

// Spreads probabilities [N, C] of the first N nodes over the graph. The other n − N nodes have labels, int64. Computes
// Y ← mix · S Y + (1 − mix) Y₀ in `iterations` steps from Y = Y₀ = [probabilities; onehot(labels)], and writes the rows
// of Y of the first N nodes, divided by their sums, to `probabilities`, which is contiguous and float32 or float64. The
// columns are independent, so they are computed in blocks, and little memory is needed besides `probabilities`. Calls
// progress(done, total) from the calling thread.
void propagate(const Graph& graph, const torch::Tensor& labels, double mix, std::int64_t iterations,
               parallel::Workers& workers, torch::Tensor& probabilities,
               const std::function<void(std::int64_t, std::int64_t)>& progress);

// Returns the bytes that `propagate` needs besides the graph and the probabilities.
double propagation_bytes(double nodes, double element_bytes);

}  // namespace adapting
