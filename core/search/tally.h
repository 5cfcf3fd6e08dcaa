// Tally: the sums of a surface while they grow.
#pragma once

#include <cstdint>
#include <vector>

#include "search/surface.h"

namespace trefoil::search {

class Tally {
 public:
  // `compared`: whether there is a reference.
  Tally(const Grid& grid, Metric metric, bool compared);

  // One query's loss at one point; `reference` is its loss there, or null.
  void add(std::size_t point, float loss, const float* reference);

  // One query that is right on an interval of α, for all points of one pair of β and γ.
  void add(std::size_t pair, const RightInterval& right, const float* reference);

  void add(const Tally& other);
  Surface surface(std::int64_t queries) const;

 private:
  const Grid* grid_;
  // Accuracy counts, exactly: how the numbers of queries that are wrong, and that differ from the reference, change
  // from one α to the next [pairs][A + 1]. The other metrics add up losses [points]. What is not used is empty.
  std::vector<std::int32_t> wrong_;
  std::vector<std::int32_t> differing_;
  std::vector<double> loss_;
  std::vector<double> difference_;
};

}  // namespace trefoil::search
