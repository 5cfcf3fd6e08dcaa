#include "data/subset_search.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace trefoil::data {

namespace {

constexpr double kRounding = 1e-9;

using Subset = std::vector<std::size_t>;

class SubsetSearch {
 public:
  SubsetSearch(std::size_t count, const SubsetCost& cost) : count_(count), cost_(cost) {}

  Subset find(std::size_t size) {
    while (chosen_.size() < size) {
      chosen_.push_back(0);
      replace(chosen_.size() - 1, std::numeric_limits<double>::infinity());
    }
    while (swap_once()) {
    }
    return std::move(chosen_);
  }

 private:
  // The best change so far.
  struct Change {
    double cost = 0;
    std::size_t position = 0;
    std::size_t number = 0;
    bool found = false;
  };

  // Tries all numbers at a position. Those at the other positions stay.
  void try_all(std::size_t position, Change& best) const {
    Subset tried = chosen_;
    for (std::size_t number = 0; number < count_; ++number) {
      tried[position] = number;
      if (std::count(tried.begin(), tried.end(), number) > 1) continue;
      const double cost = cost_(tried);
      if (cost < best.cost - kRounding) best = {cost, position, number, true};
    }
  }

  void replace(std::size_t position, double cost) {
    Change best{cost, 0, 0, false};
    try_all(position, best);
    chosen_[position] = best.number;
  }

  bool swap_once() {
    Change best{cost_(chosen_), 0, 0, false};
    for (std::size_t position = 0; position < chosen_.size(); ++position) try_all(position, best);
    if (best.found) chosen_[best.position] = best.number;
    return best.found;
  }

  std::size_t count_;
  const SubsetCost& cost_;
  Subset chosen_;
};

}  // namespace

std::vector<std::size_t> search_subset(std::size_t count, std::size_t size, const SubsetCost& cost) {
  return SubsetSearch(count, cost).find(size);
}

}  // namespace trefoil::data
