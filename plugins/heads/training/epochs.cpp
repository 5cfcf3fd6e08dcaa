#include "epochs.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace head_training {

Epochs::Epochs(std::int64_t rows, std::int64_t batch, std::uint64_t seed)
    : order_(static_cast<std::size_t>(rows)),
      batch_(batch == 0 ? rows : std::min(batch, rows)),
      shuffled_(batch != 0),
      generator_(seed) {
  std::iota(order_.begin(), order_.end(), 0);
}

std::int64_t Epochs::steps() const { return (static_cast<std::int64_t>(order_.size()) + batch_ - 1) / batch_; }

const std::vector<std::int64_t>& Epochs::next() {
  if (!shuffled_) return order_;
  // std::shuffle differs between standard libraries, so it is not used. The bias of the remainder is below 10^-12.
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[generator_() % i]);
  return order_;
}

}  // namespace head_training
