#include "nearest_neighbours.h"

#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <limits>

namespace adapting {

namespace {

constexpr std::int64_t kTileRows = 256;
constexpr std::int64_t kTileColumns = 4096;

// Inserts a row among the k nearest of another one, which are sorted. Of equal cosines, the earlier one stays ahead.
template <typename Scalar>
void insert(Scalar cosine, std::int32_t column, std::int64_t k, Scalar* cosines, std::int32_t* index) {
  std::int64_t place = k - 1;
  for (; place > 0 && cosine > cosines[place - 1]; --place) {
    cosines[place] = cosines[place - 1];
    index[place] = index[place - 1];
  }
  cosines[place] = cosine;
  index[place] = column;
}

// Merges a tile of cosines [rows, columns] into the nearest neighbours of its rows.
template <typename Scalar>
void merge_tile(const torch::Tensor& tile, std::int64_t first_row, std::int64_t first_column, Neighbours& found) {
  const std::int64_t k = found.index.size(1);
  const std::int64_t columns = tile.size(1);
  const auto* cosine = tile.data_ptr<Scalar>();
  for (std::int64_t row = first_row; row < first_row + tile.size(0); ++row, cosine += columns) {
    Scalar* const cosines = found.cosines.data_ptr<Scalar>() + row * k;
    std::int32_t* const index = found.index.data_ptr<std::int32_t>() + row * k;
    for (std::int64_t column = 0; column < columns; ++column) {
      if (!(cosine[column] > cosines[k - 1]) || first_column + column == row) continue;
      insert(cosine[column], static_cast<std::int32_t>(first_column + column), k, cosines, index);
    }
  }
}

}  // namespace

Neighbours nearest_neighbours(const torch::Tensor& rows, std::int64_t k, parallel::Workers& workers,
                              const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::int64_t count = rows.size(0);
  Neighbours found{torch::zeros({count, k}, torch::kInt),
                   torch::full({count, k}, -std::numeric_limits<double>::infinity(), rows.options())};
  const auto merge = rows.scalar_type() == torch::kDouble ? merge_tile<double> : merge_tile<float>;
  const std::int64_t blocks = (count + kTileRows - 1) / kTileRows;
  const std::int64_t together = std::int64_t{4} * workers.count();  // blocks between two reports of progress
  for (std::int64_t done = 0; done < blocks; done += together) {
    workers.run(std::min(together, blocks - done), [&](std::int64_t task, int /*worker*/) {
      const std::int64_t first_row = (done + task) * kTileRows;
      const torch::Tensor block = rows.narrow(/*dim=*/0, first_row, std::min(kTileRows, count - first_row));
      for (std::int64_t column = 0; column < count; column += kTileColumns) {
        const torch::Tensor others = rows.narrow(/*dim=*/0, column, std::min(kTileColumns, count - column));
        merge(at::mm(block, others.t()), first_row, column, found);
      }
    });
    progress(std::min(done + together, blocks), blocks);
  }
  return found;
}

}  // namespace adapting
