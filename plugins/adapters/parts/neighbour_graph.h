// The graph of nearest neighbours, as a sparse matrix.
#pragma once

#include <cstdint>
#include <vector>

#include "nearest_neighbours.h"

namespace adapting {

// A symmetric sparse matrix S [n, n]. The entries of row i are [first[i], first[i + 1]), by ascending column.
struct Graph {
  std::vector<std::int64_t> first;    // [n + 1]
  std::vector<std::int32_t> columns;  // of each entry
  std::vector<double> weights;        // of each entry
};

// Returns S = D^(−½) (w + wᵀ) D^(−½), where w_ij = max(cosine, 1e-6)^5 for the neighbours j of i, and D has the sums of
// the rows of w + wᵀ. There is at least one neighbour.
Graph graph_of(const Neighbours& neighbours);

// Returns an upper bound of the bytes of `graph_of` for n nodes with k neighbours each, its temporary memory included.
double graph_bytes(double nodes, double neighbours);

}  // namespace adapting
