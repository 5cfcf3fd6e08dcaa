#include "search/tally.h"

namespace trefoil::search {

namespace {

template <typename Number>
void add_all(const std::vector<Number>& from, std::vector<Number>& to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

// From changes [pairs][A + 1] to the values [pairs][A].
std::vector<double> running_sums(const std::vector<std::int32_t>& changes, std::size_t stride) {
  std::vector<double> values;
  values.reserve(changes.size());
  for (std::size_t first = 0; first < changes.size(); first += stride) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i + 1 < stride; ++i) values.push_back(static_cast<double>(sum += changes[first + i]));
  }
  return values;
}

}  // namespace

Tally::Tally(const Grid& grid, Metric metric, bool compared) : grid_(&grid) {
  if (metric == Metric::accuracy) {
    wrong_.resize(grid.pairs() * (grid.alphas_per_pair() + 1));
    if (compared) differing_.resize(wrong_.size());
  } else {
    loss_.resize(grid.points());
    if (compared) difference_.resize(loss_.size());
  }
}

void Tally::add(std::size_t point, float loss, const float* reference) {
  loss_[point] += static_cast<double>(loss);
  if (reference == nullptr) return;
  const double difference = static_cast<double>(loss) - static_cast<double>(*reference);
  difference_[point] += difference * difference;
}

void Tally::add(std::size_t pair, const RightInterval& right, const float* reference) {
  const std::size_t count = grid_->alphas_per_pair();
  const double* alphas = grid_->alphas_of(pair);
  std::size_t first = 0;
  while (first < count && static_cast<float>(alphas[first]) <= right.from) ++first;
  std::size_t last = first;
  while (last < count && static_cast<float>(alphas[last]) < right.to) ++last;
  std::int32_t* wrong = wrong_.data() + pair * (count + 1);
  ++wrong[0];
  --wrong[first];
  ++wrong[last];
  if (reference == nullptr) return;
  // Where the reference is right, wrong ones differ from it; where it is wrong, right ones do.
  std::int32_t* differing = differing_.data() + pair * (count + 1);
  const bool reference_is_right = *reference == 0;
  const std::int32_t sign = reference_is_right ? 1 : -1;
  if (reference_is_right) ++differing[0];
  differing[first] -= sign;
  differing[last] += sign;
}

void Tally::add(const Tally& other) {
  add_all(other.wrong_, wrong_);
  add_all(other.differing_, differing_);
  add_all(other.loss_, loss_);
  add_all(other.difference_, difference_);
}

Surface Tally::surface(std::int64_t queries) const {
  const std::size_t stride = grid_->alphas_per_pair() + 1;
  if (wrong_.empty()) return {queries, loss_, difference_};
  return {queries, running_sums(wrong_, stride), running_sums(differing_, stride)};
}

}  // namespace trefoil::search
