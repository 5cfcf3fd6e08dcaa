#include "neighbour_graph.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace adapting {

namespace {

using Edge = std::pair<std::int32_t, double>;  // neighbour and weight

double weight_of(double cosine) { return std::pow(std::max(cosine, 1e-6), 5); }

// The edges of w in both directions: those from row i, followed by those to it. [n · 2k] at most.
struct BothWays {
  std::vector<std::int64_t> first;  // [n + 1]
  std::vector<Edge> edges;
};

BothWays both_ways(const torch::Tensor& index, const torch::Tensor& cosines) {
  const std::int64_t count = index.size(0);
  const std::int64_t k = index.size(1);
  const auto* neighbour = index.data_ptr<std::int32_t>();
  const auto* cosine = cosines.data_ptr<double>();
  BothWays result;
  result.first.assign(static_cast<std::size_t>(count) + 1, 0);
  for (std::int64_t row = 0; row < count; ++row) result.first[static_cast<std::size_t>(row) + 1] += k;
  for (std::int64_t i = 0; i < count * k; ++i) ++result.first[static_cast<std::size_t>(neighbour[i]) + 1];
  for (std::size_t row = 1; row < result.first.size(); ++row) result.first[row] += result.first[row - 1];
  result.edges.resize(static_cast<std::size_t>(2 * count * k));
  std::vector<std::int64_t> next(result.first.begin(), result.first.end() - 1);
  const auto add = [&](std::int64_t from, std::int64_t to, double weight) {
    result.edges[static_cast<std::size_t>(next[static_cast<std::size_t>(from)]++)] = {static_cast<std::int32_t>(to),
                                                                                      weight};
  };
  for (std::int64_t row = 0; row < count; ++row) {
    for (std::int64_t i = row * k; i < (row + 1) * k; ++i) {
      const double weight = weight_of(cosine[i]);
      add(row, neighbour[i], weight);
      add(neighbour[i], row, weight);
    }
  }
  return result;
}

// Sorts the edges of each row by column, and adds up the two directions of an edge.
Graph merged(BothWays both) {
  const std::size_t count = both.first.size() - 1;
  Graph graph;
  graph.first.reserve(count + 1);
  graph.first.push_back(0);
  graph.columns.reserve(both.edges.size());
  graph.weights.reserve(both.edges.size());
  for (std::size_t row = 0; row < count; ++row) {
    const auto begin = both.edges.begin() + both.first[row];
    const auto end = both.edges.begin() + both.first[row + 1];
    std::sort(begin, end, [](const Edge& a, const Edge& b) { return a.first < b.first; });
    for (auto edge = begin; edge != end; ++edge) {
      if (edge != begin && std::prev(edge)->first == edge->first) {
        graph.weights.back() += edge->second;
      } else {
        graph.columns.push_back(edge->first);
        graph.weights.push_back(edge->second);
      }
    }
    graph.first.push_back(static_cast<std::int64_t>(graph.columns.size()));
  }
  return graph;
}

// Divides each weight by the square roots of the sums of its row and of its column.
void normalise(Graph& graph) {
  const std::size_t count = graph.first.size() - 1;
  std::vector<double> scale(count);
  const auto entries_of = [&](std::size_t row, auto use) {
    for (std::int64_t i = graph.first[row]; i < graph.first[row + 1]; ++i) use(static_cast<std::size_t>(i));
  };
  for (std::size_t row = 0; row < count; ++row) {
    double sum = 0;
    entries_of(row, [&](std::size_t i) { sum += graph.weights[i]; });
    scale[row] = 1 / std::sqrt(sum);
  }
  for (std::size_t row = 0; row < count; ++row) {
    entries_of(row, [&](std::size_t i) {
      graph.weights[i] *= scale[row] * scale[static_cast<std::size_t>(graph.columns[i])];
    });
  }
}

}  // namespace

Graph graph_of(const Neighbours& neighbours) {
  Graph graph = merged(both_ways(neighbours.index, neighbours.cosines.to(torch::kDouble).contiguous()));
  normalise(graph);
  return graph;
}

double graph_bytes(double nodes, double neighbours) {
  const double edges = 2 * nodes * neighbours;
  return edges * static_cast<double>(sizeof(Edge) + sizeof(std::int32_t) + sizeof(double)) +
         nodes * (neighbours * sizeof(double) + 3 * sizeof(std::int64_t));
}

}  // namespace adapting
