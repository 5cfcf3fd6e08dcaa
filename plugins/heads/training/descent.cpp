#include "descent.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "epochs.h"

namespace head_training {

namespace {

constexpr std::int64_t kMatrixBlock = 64;                       // rows of the matrix per task
constexpr std::int64_t kProductBytes = std::int64_t{64} << 20;  // limit for the products, unless one block needs more

std::int64_t rows_of_chunk(const torch::Tensor& matrix, std::int64_t rows) {
  const std::int64_t bytes_of_row = matrix.size(0) * static_cast<std::int64_t>(matrix.element_size());
  const std::int64_t blocks = std::max(std::int64_t{1}, kProductBytes / (bytes_of_row * kBlock));
  return std::min(blocks, blocks_of(rows)) * kBlock;
}

}  // namespace

Descent::Descent(const torch::Tensor& matrix, const Examples& examples, const torch::Tensor& columns,
                 Objective& objective, const Settings& settings, parallel::Workers& workers)
    : matrix_(matrix),
      examples_(examples),
      columns_(columns),
      objective_(objective),
      settings_(settings),
      workers_(workers),
      optimiser_(matrix, settings.weight_decay, settings.epsilon),
      chunk_(rows_of_chunk(matrix, Epochs(examples.count(), settings.batch, settings.seed).batch())),
      features_(torch::empty({chunk_, matrix.size(1)}, matrix.options())),
      product_(torch::empty({chunk_, matrix.size(0)}, matrix.options())),
      gradient_(torch::empty_like(matrix)),
      losses_(static_cast<std::size_t>(chunk_ / kBlock)) {}

std::vector<double> Descent::run(const Progress& progress) {
  Epochs epochs(examples_.count(), settings_.batch, settings_.seed);
  const std::int64_t total = settings_.epochs * epochs.steps();
  std::vector<double> losses;
  for (std::int64_t epoch = 0; epoch < settings_.epochs; ++epoch) {
    const std::vector<std::int64_t>& order = epochs.next();
    for (std::int64_t first = 0; first < examples_.count(); first += epochs.batch()) {
      const auto done = static_cast<std::int64_t>(losses.size());
      const std::int64_t count = std::min(epochs.batch(), examples_.count() - first);
      const double rate = cosine_rate(settings_.rate, done, total);
      losses.push_back(step(epoch % examples_.view_count(), order.data() + first, count, rate));
      if (!std::isfinite(losses.back())) {
        throw std::runtime_error("the loss is not finite at step " + std::to_string(done + 1) + " of " +
                                 std::to_string(total) + ": lower lr, or the relation's alpha or beta");
      }
      progress(done + 1, total);
    }
  }
  return losses;
}

double Descent::step(std::int64_t view, const std::int64_t* index, std::int64_t count, double rate) {
  optimiser_.begin_step(rate);
  double loss = 0;
  for (std::int64_t first = 0; first < count; first += chunk_) {
    const Rows chunk{view, index + first, std::min(chunk_, count - first), first, count};
    loss += forward(chunk);
    backward(chunk.count, first == 0, first + chunk.count == count);
  }
  objective_.step(rate, count);
  return loss / static_cast<double>(count);
}

// Gathers the features of the chunk and computes the derivatives by its products. Returns the sum of its losses.
double Descent::forward(const Rows& chunk) {
  const std::int64_t tasks = blocks_of(chunk.count);
  workers_.run(tasks, [&](std::int64_t task, int worker) {
    const std::int64_t first = task * kBlock;
    const std::int64_t count = std::min(kBlock, chunk.count - first);
    const Rows rows{chunk.view, chunk.index + first, count, chunk.first + first, chunk.batch};
    const torch::Tensor features = features_.narrow(0, first, count);
    torch::Tensor product = product_.narrow(0, first, count);
    gather(examples_.views[static_cast<std::size_t>(chunk.view)], rows, columns_, features);
    torch::mm_out(product, features, matrix_.t());
    losses_[static_cast<std::size_t>(task)] = objective_.differentiate(rows, product, worker);
  });
  return std::accumulate(losses_.begin(), losses_.begin() + tasks, 0.0);
}

// Adds derivativesᵀ · features to the gradient. After the last chunk it updates the matrix.
void Descent::backward(std::int64_t rows, bool first_chunk, bool last_chunk) {
  const torch::Tensor features = features_.narrow(0, 0, rows);
  const torch::Tensor derivative = product_.narrow(0, 0, rows);
  const std::int64_t tasks = (matrix_.size(0) + kMatrixBlock - 1) / kMatrixBlock;
  workers_.run(tasks, [&](std::int64_t task, int /*worker*/) {
    const std::int64_t first = task * kMatrixBlock;
    const std::int64_t count = std::min(kMatrixBlock, matrix_.size(0) - first);
    torch::Tensor gradient = gradient_.narrow(0, first, count);
    const torch::Tensor left = derivative.narrow(1, first, count).t();
    if (first_chunk) {
      torch::mm_out(gradient, left, features);
    } else {
      gradient.addmm_(left, features);
    }
    if (last_chunk) optimiser_.update(gradient, first, count);
  });
}

}  // namespace head_training
