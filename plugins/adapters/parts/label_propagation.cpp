#include "label_propagation.h"

#include <algorithm>

namespace adapting {

namespace {

constexpr std::int64_t kColumns = 32;  // classes that are propagated together
constexpr std::int64_t kRows = 4096;   // of a task

// One block of columns of Y.
template <typename Scalar>
class ColumnBlock {
 public:
  ColumnBlock(const Graph& graph, const torch::Tensor& labels, torch::Tensor& probabilities, std::int64_t first_column)
      : graph_(graph),
        labels_(labels.data_ptr<std::int64_t>()),
        queries_(probabilities.size(0)),
        classes_(probabilities.size(1)),
        first_(first_column),
        width_(std::min(kColumns, classes_ - first_column)),
        start_(probabilities.data_ptr<Scalar>() + first_column),
        nodes_(static_cast<std::int64_t>(graph.first.size()) - 1),
        now_(static_cast<std::size_t>(nodes_ * width_)),
        next_(now_.size()) {
    for (std::int64_t node = 0; node < nodes_; ++node) {
      for (std::int64_t c = 0; c < width_; ++c) now_[at(node, c)] = static_cast<Scalar>(start(node, c));
    }
  }

  void step(double mix, parallel::Workers& workers) {
    workers.run((nodes_ + kRows - 1) / kRows, [&](std::int64_t task, int /*worker*/) {
      const std::int64_t end = std::min(nodes_, (task + 1) * kRows);
      for (std::int64_t node = task * kRows; node < end; ++node) update(node, mix);
    });
    now_.swap(next_);
  }

  // Replaces the columns of the probabilities.
  void write() const {
    for (std::int64_t node = 0; node < queries_; ++node) {
      for (std::int64_t c = 0; c < width_; ++c) start_[node * classes_ + c] = now_[at(node, c)];
    }
  }

 private:
  std::size_t at(std::int64_t node, std::int64_t column) const {
    return static_cast<std::size_t>(node * width_ + column);
  }

  // An element of Y₀.
  double start(std::int64_t node, std::int64_t column) const {
    if (node < queries_) return static_cast<double>(start_[node * classes_ + column]);
    return labels_[node - queries_] == first_ + column ? 1 : 0;
  }

  void update(std::int64_t node, double mix) {
    double sums[kColumns] = {};
    for (std::int64_t i = graph_.first[static_cast<std::size_t>(node)];
         i < graph_.first[static_cast<std::size_t>(node) + 1]; ++i) {
      const double weight = graph_.weights[static_cast<std::size_t>(i)];
      const Scalar* const from = now_.data() + at(graph_.columns[static_cast<std::size_t>(i)], 0);
      for (std::int64_t c = 0; c < width_; ++c) sums[c] += weight * static_cast<double>(from[c]);
    }
    for (std::int64_t c = 0; c < width_; ++c)
      next_[at(node, c)] = static_cast<Scalar>(mix * sums[c] + (1 - mix) * start(node, c));
  }

  const Graph& graph_;
  const std::int64_t* labels_;
  std::int64_t queries_;
  std::int64_t classes_;
  std::int64_t first_;
  std::int64_t width_;
  Scalar* start_;
  std::int64_t nodes_;
  std::vector<Scalar> now_;
  std::vector<Scalar> next_;
};

template <typename Scalar>
void propagate_columns(const Graph& graph, const torch::Tensor& labels, double mix, std::int64_t iterations,
                       parallel::Workers& workers, torch::Tensor& probabilities,
                       const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::int64_t total = (probabilities.size(1) + kColumns - 1) / kColumns * iterations;
  std::int64_t done = 0;
  for (std::int64_t column = 0; column < probabilities.size(1); column += kColumns) {
    ColumnBlock<Scalar> block(graph, labels, probabilities, column);
    for (std::int64_t step = 0; step < iterations; ++step) {
      block.step(mix, workers);
      progress(++done, total);
    }
    block.write();
  }
}

}  // namespace

void propagate(const Graph& graph, const torch::Tensor& labels, double mix, std::int64_t iterations,
               parallel::Workers& workers, torch::Tensor& probabilities,
               const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const auto run = probabilities.scalar_type() == torch::kDouble ? propagate_columns<double> : propagate_columns<float>;
  run(graph, labels, mix, iterations, workers, probabilities, progress);
  probabilities /= probabilities.sum(/*dim=*/1, /*keepdim=*/true);
}

double propagation_bytes(double nodes, double element_bytes) {
  return 2 * nodes * static_cast<double>(kColumns) * element_bytes;
}

}  // namespace adapting
