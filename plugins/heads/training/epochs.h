// The order in which an epoch visits the rows. Each epoch visits every row once.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace head_training {

class Epochs {
 public:
  // batch: rows per step. 0 means one step of all rows, in their order. Otherwise the rows are shuffled anew for each
  // epoch; `seed` decides the orders.
  Epochs(std::int64_t rows, std::int64_t batch, std::uint64_t seed);

  std::int64_t batch() const { return batch_; }
  std::int64_t steps() const;  // per epoch; the last step may have fewer rows

  // Returns the rows of the next epoch, in order. Valid until the next call.
  const std::vector<std::int64_t>& next();

 private:
  std::vector<std::int64_t> order_;
  std::int64_t batch_;
  bool shuffled_;
  std::mt19937_64 generator_;
};

}  // namespace head_training
