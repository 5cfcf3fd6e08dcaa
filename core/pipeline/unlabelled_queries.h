// UnlabelledQueries: the queries of a run as an adapter sees them, without labels, and without images that could not be
// read.
#pragma once

#include <cstdint>
#include <vector>

#include "data/task.h"
#include "trefoil/adapter.h"

namespace trefoil::pipeline {

class UnlabelledQueries final : public Queries {
 public:
  // `queries` must outlive this object. Throws DataError when no image could be read.
  explicit UnlabelledQueries(const data::Queries& queries);

  std::int64_t count() const override { return queries_.count() - static_cast<std::int64_t>(unreadable_.size()); }
  std::int64_t width() const override { return queries_.width(); }
  torch::Tensor read(std::int64_t first, std::int64_t count) const override;

  // Returns how many of the first `rows` rows of all queries could be read.
  std::int64_t readable_before(std::int64_t rows) const;

 private:
  // Returns the number, among all queries, of a query that could be read.
  std::int64_t row_of(std::int64_t readable) const;

  const data::Queries& queries_;
  std::vector<std::int64_t> unreadable_;  // rows, ascending
};

}  // namespace trefoil::pipeline
