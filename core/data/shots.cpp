#include "data/shots.h"

#include <ATen/ops/exp.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <string>

#include "data/subset_search.h"
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

// A square matrix of doubles.
class Matrix {
 public:
  explicit Matrix(const torch::Tensor& values)
      : values_(values.contiguous()),
        data_(values_.data_ptr<double>()),
        size_(static_cast<std::size_t>(values.size(0))) {}

  double at(std::size_t row, std::size_t column) const { return data_[row * size_ + column]; }
  std::size_t size() const { return size_; }

 private:
  torch::Tensor values_;
  const double* data_;
  std::size_t size_;
};

// k-medoids: the rows with the least sum of the distances 1 − cos to the nearest of them.
std::vector<std::size_t> medoids(const torch::Tensor& features, std::size_t shots) {
  const Matrix distance(1 - torch::matmul(features, features.t()));
  return search_subset(distance.size(), shots, [&](const std::vector<std::size_t>& tried) {
    double sum = 0;
    for (std::size_t i = 0; i < distance.size(); ++i) {
      double nearest = std::numeric_limits<double>::infinity();
      for (const std::size_t medoid : tried) nearest = std::min(nearest, distance.at(i, medoid));
      sum += nearest;
    }
    return sum;
  });
}

// The rows with the least maximum mean discrepancy to all rows, for the kernel exp(−β (1 − cos)) with β = 4, the
// default of the relations: a cache of these rows is most similar to a cache of all rows. Without terms that do not
// depend on the rows it is mean_{s,t} k(s, t) − 2 mean_s mean_i k(s, i).
std::vector<std::size_t> mean_matching(const torch::Tensor& features, std::size_t shots) {
  constexpr double kSharpness = 4;
  const torch::Tensor kernel = (-kSharpness * (1 - torch::matmul(features, features.t()))).exp();
  const Matrix between(kernel);
  const torch::Tensor means = kernel.mean(1).contiguous();
  const auto* to_all = means.data_ptr<double>();
  return search_subset(between.size(), shots, [&](const std::vector<std::size_t>& tried) {
    const auto count = static_cast<double>(tried.size());
    double cost = 0;
    for (const std::size_t row : tried) {
      cost -= 2 * to_all[row] / count;
      for (const std::size_t other : tried) cost += between.at(row, other) / (count * count);
    }
    return cost;
  });
}

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
  const bool matches = choice == ShotChoice::matching;
  for (const std::size_t row : matches ? mean_matching(features, shots) : medoids(features, shots)) {
    chosen.push_back(rows[row]);
  }
  return chosen;
}

}  // namespace

ShotChoice shot_choice(std::string_view name) {
  if (name == "first") return ShotChoice::first;
  if (name == "random") return ShotChoice::random;
  if (name == "herding") return ShotChoice::herding;
  if (name == "diverse") return ShotChoice::diverse;
  if (name == "text") return ShotChoice::text;
  if (name == "matching") return ShotChoice::matching;
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
