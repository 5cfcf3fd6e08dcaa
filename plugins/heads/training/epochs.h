// In which order the rows come: an epoch shows each of them once.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace trefoil::training {

class Epochs {
 public:
  // batch: rows in a step; 0 is all of them, in their order. Otherwise each epoch is shuffled anew by the seed.
  Epochs(std::int64_t rows, std::int64_t batch, std::uint64_t seed);

  std::int64_t batch() const { return batch_; }
  std::int64_t steps() const;  // in an epoch; the last may have fewer rows

  // The rows of the next epoch. Valid until the next call.
  const std::vector<std::int64_t>& next();

 private:
  std::vector<std::int64_t> order_;
  std::int64_t batch_;
  bool shuffled_;
  std::mt19937_64 generator_;
};

}  // namespace trefoil::training
