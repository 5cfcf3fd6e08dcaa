#include "pipeline/unlabelled_queries.h"

#include <ATen/ops/ones.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "base/errors.h"

namespace trefoil::pipeline {

UnlabelledQueries::UnlabelledQueries(const data::Queries& queries)
    : queries_(queries), unreadable_(queries.unreadable().begin(), queries.unreadable().end()) {
  if (count() == 0) throw DataError("no test image could be read, so there is nothing that an adapter could adapt to");
}

torch::Tensor UnlabelledQueries::read(std::int64_t first, std::int64_t count) const {
  if (first < 0 || count < 0 || first > this->count() - count) {
    throw std::out_of_range("there are no queries " + std::to_string(first) + " to " +
                            std::to_string(first + count - 1) + ", but " + std::to_string(this->count()) + " in all");
  }
  if (count == 0) return queries_.read(0, 1).features.narrow(/*dim=*/0, 0, 0);
  const std::int64_t begin = row_of(first);
  const std::int64_t end = row_of(first + count - 1) + 1;
  const data::QueryBlock block = queries_.read(begin, end - begin);
  if (block.unreadable.empty()) return block.features;
  const torch::Tensor kept = torch::ones({end - begin}, torch::kBool);
  for (const std::int64_t row : block.unreadable) kept[row] = false;
  return block.features.index_select(/*dim=*/0, kept.nonzero().squeeze(1));
}

std::int64_t UnlabelledQueries::readable_before(std::int64_t rows) const {
  return rows - (std::lower_bound(unreadable_.begin(), unreadable_.end(), rows) - unreadable_.begin());
}

std::int64_t UnlabelledQueries::row_of(std::int64_t readable) const {
  std::int64_t skipped = 0;
  for (auto row = unreadable_.begin(); row != unreadable_.end() && *row <= readable + skipped; ++row) ++skipped;
  return readable + skipped;
}

}  // namespace trefoil::pipeline
