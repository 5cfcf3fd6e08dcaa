#include "data/shots.h"

#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <string>

#include "trefoil/support.h"

namespace trefoil::data {

namespace {

using Rows = std::vector<std::int64_t>;

// Returns the first `shots` rows of a random order. std::shuffle is not used, because it differs between libraries.
Rows random_rows(Rows rows, std::size_t shots, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    const std::uint64_t left = rows.size() - i;
    std::uint64_t draw = generator();
    while (draw >= std::numeric_limits<std::uint64_t>::max() / left * left) draw = generator();
    std::swap(rows[i], rows[i + static_cast<std::size_t>(draw % left)]);
  }
  rows.resize(shots);
  return rows;
}

// Returns the cosine of every row [n, D] with `direction` [D], times 1e9 and rounded, so that rounding errors do not
// decide between equal rows.
torch::Tensor similarity(const torch::Tensor& features, const torch::Tensor& direction) {
  constexpr double kResolution = 1e9;
  return ((features * direction).sum(1) * kResolution).round();
}

// Returns the rows with the largest scores.
Rows best_rows(const Rows& rows, const torch::Tensor& score, std::size_t shots) {
  const torch::Tensor order = score.argsort(/*stable=*/true, /*dim=*/0, /*descending=*/true);
  Rows best;
  for (std::size_t i = 0; i < shots; ++i) {
    best.push_back(rows[static_cast<std::size_t>(order[static_cast<std::int64_t>(i)].item<std::int64_t>())]);
  }
  return best;
}

// k-medoids by PAM (Kaufman & Rousseeuw, 1990). BUILD adds medoids one by one, each time the one that lowers the cost
// most. SWAP then replaces medoids as long as this lowers the cost. The cost is the sum of the distances 1 − cos to the
// nearest medoid.
class Medoids {
 public:
  explicit Medoids(const torch::Tensor& features) {
    const torch::Tensor distance = (1 - torch::matmul(features, features.t())).contiguous();
    count_ = static_cast<std::size_t>(features.size(0));
    distance_.assign(distance.data_ptr<double>(), distance.data_ptr<double>() + distance.numel());
  }

  std::vector<std::size_t> choose(std::size_t medoids) {
    while (chosen_.size() < medoids) chosen_.push_back(best_addition());
    while (swap_once()) {
    }
    return chosen_;
  }

 private:
  double cost(const std::vector<std::size_t>& medoids) const {
    double sum = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const std::size_t medoid : medoids) nearest = std::min(nearest, distance_[i * count_ + medoid]);
      sum += nearest;
    }
    return sum;
  }

  bool is_chosen(std::size_t row) const { return std::find(chosen_.begin(), chosen_.end(), row) != chosen_.end(); }

  std::size_t best_addition() const {
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    for (std::size_t row = 0; row < count_; ++row) {
      if (is_chosen(row)) continue;
      std::vector<std::size_t> tried = chosen_;
      tried.push_back(row);
      const double its_cost = cost(tried);
      if (its_cost < least - kRounding) {
        least = its_cost;
        best = row;
      }
    }
    return best;
  }

  // Makes the replacement that lowers the cost most. Returns false when none lowers it.
  bool swap_once() {
    double least = cost(chosen_);
    std::vector<std::size_t> best;
    for (std::size_t position = 0; position < chosen_.size(); ++position) {
      for (std::size_t row = 0; row < count_; ++row) {
        if (is_chosen(row)) continue;
        std::vector<std::size_t> tried = chosen_;
        tried[position] = row;
        const double its_cost = cost(tried);
        if (its_cost < least - kRounding) {
          least = its_cost;
          best = tried;
        }
      }
    }
    if (best.empty()) return false;
    chosen_ = best;
    return true;
  }

  static constexpr double kRounding = 1e-9;  // a smaller change of the cost counts as none

  std::size_t count_ = 0;
  std::vector<double> distance_;  // count × count
  std::vector<std::size_t> chosen_;
};

Rows choose_in_class(const Rows& rows, std::int64_t label, const ShotCandidates& candidates, std::size_t shots,
                     ShotChoice choice, std::uint64_t seed) {
  if (shots >= rows.size()) return rows;
  if (choice == ShotChoice::first) return {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shots)};
  // Every class has its own generator, so images of other classes do not change the choice.
  if (choice == ShotChoice::random) {
    return random_rows(rows, shots, seed * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(label));
  }
  const torch::Tensor features =
      unit_rows(candidates.features.index_select(0, at::tensor(rows, torch::kLong)).to(torch::kDouble));
  if (choice == ShotChoice::herding) return best_rows(rows, similarity(features, features.mean(0)), shots);
  if (choice == ShotChoice::text) {
    return best_rows(rows, similarity(features, candidates.text[label].to(torch::kDouble)), shots);
  }
  Rows chosen;
  for (const std::size_t medoid : Medoids(features).choose(shots)) chosen.push_back(rows[medoid]);
  return chosen;
}

}  // namespace

ShotChoice shot_choice(std::string_view name) {
  if (name == "first") return ShotChoice::first;
  if (name == "random") return ShotChoice::random;
  if (name == "herding") return ShotChoice::herding;
  if (name == "diverse") return ShotChoice::diverse;
  if (name == "text") return ShotChoice::text;
  throw std::invalid_argument("there is no way to choose shots with the name '" + std::string(name) + "'");
}

bool needs_features(ShotChoice choice) { return choice != ShotChoice::first && choice != ShotChoice::random; }

std::vector<std::int64_t> choose_shots(const ShotCandidates& candidates, std::int64_t shots, ShotChoice choice,
                                       std::uint64_t seed) {
  std::map<std::int64_t, Rows> rows_of_class;
  const auto* label = candidates.labels.data_ptr<std::int64_t>();
  for (std::int64_t row = 0; row < candidates.labels.numel(); ++row) rows_of_class[label[row]].push_back(row);
  Rows chosen;
  for (const auto& [its_label, rows] : rows_of_class) {
    const std::size_t most = shots > 0 ? static_cast<std::size_t>(shots) : rows.size();
    const Rows its_rows = choose_in_class(rows, its_label, candidates, most, choice, seed);
    chosen.insert(chosen.end(), its_rows.begin(), its_rows.end());
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace trefoil::data
