#include "data/shots.h"

#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

#include "support/catch.h"
#include "support/problem.h"
#include "trefoil/support.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::unit_rows;

namespace {

using Rows = std::vector<std::int64_t>;

constexpr double kRounding = 1e-5;  // of a sum of float32 cosines

constexpr ShotChoice kAll[] = {ShotChoice::first, ShotChoice::random, ShotChoice::herding, ShotChoice::diverse,
                               ShotChoice::text};

torch::Tensor labels_of(const Rows& labels) { return torch::tensor(labels, torch::kLong); }

torch::Tensor random_unit_rows(std::int64_t rows, std::int64_t width, std::uint32_t seed) {
  return unit_rows(normal_numbers({rows, width}, seed)).to(torch::kFloat);
}

// Classes 0, 1, 3 and 4 with 7, 1, 4 and 9 candidates, in no order; none of class 2.
ShotCandidates mixed_candidates(std::uint32_t seed = 1) {
  const torch::Tensor labels = labels_of({4, 0, 3, 4, 4, 0, 0, 4, 3, 1, 4, 0, 4, 3, 0, 4, 0, 4, 3, 0, 4});
  return {labels, random_unit_rows(labels.numel(), 8, seed), random_unit_rows(5, 8, seed + 100)};
}

// `rows` of one class.
ShotCandidates one_class(const torch::Tensor& rows) {
  return {torch::zeros({rows.size(0)}, torch::kLong), rows, rows.slice(0, 0, 1)};
}

std::map<std::int64_t, Rows> by_class(const Rows& rows, const torch::Tensor& labels) {
  std::map<std::int64_t, Rows> result;
  for (const std::int64_t row : rows) result[labels[row].item<std::int64_t>()].push_back(row);
  return result;
}

Rows all_rows(const ShotCandidates& candidates) {
  Rows rows(static_cast<std::size_t>(candidates.labels.numel()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

double cosine(const torch::Tensor& left, const torch::Tensor& right) {
  double sum = 0;
  for (std::int64_t i = 0; i < left.numel(); ++i) sum += left[i].item<double>() * right[i].item<double>();
  return sum;
}

// The `shots` rows of each class with the largest cosine to the class's direction, by definition.
template <typename Direction>
Rows nearest_rows(const ShotCandidates& candidates, std::size_t shots, Direction direction) {
  Rows chosen;
  for (const auto& [label, rows] : by_class(all_rows(candidates), candidates.labels)) {
    const torch::Tensor target = direction(label, rows);
    std::vector<std::pair<double, std::int64_t>> ranked;
    for (const std::int64_t row : rows) ranked.emplace_back(-cosine(candidates.features[row], target), row);
    std::sort(ranked.begin(), ranked.end());
    for (std::size_t i = 0; i < std::min(shots, ranked.size()); ++i) chosen.push_back(ranked[i].second);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

// The sum of the distances to the nearest of `medoids`.
double cost(const torch::Tensor& features, const Rows& medoids) {
  const torch::Tensor wide = features.to(torch::kDouble);
  const torch::Tensor cosines = wide.matmul(wide.index_select(0, labels_of(medoids)).t());
  return (1 - std::get<0>(cosines.max(1))).sum().item<double>();
}

// Every choice of `shots` out of `count` rows.
std::vector<Rows> subsets(std::int64_t count, std::size_t shots) {
  std::vector<Rows> result;
  std::vector<bool> taken(static_cast<std::size_t>(count), false);
  std::fill(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(shots), true);
  do {
    Rows rows;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (taken[i]) rows.push_back(static_cast<std::int64_t>(i));
    }
    result.push_back(rows);
  } while (std::prev_permutation(taken.begin(), taken.end()));
  return result;
}

double least_cost(const torch::Tensor& features, std::size_t shots) {
  double least = std::numeric_limits<double>::infinity();
  for (const Rows& rows : subsets(features.size(0), shots)) least = std::min(least, cost(features, rows));
  return least;
}

}  // namespace

TEST_CASE("the words of data.choose", "[shots]") {
  REQUIRE(shot_choice("first") == ShotChoice::first);
  REQUIRE(shot_choice("random") == ShotChoice::random);
  REQUIRE(shot_choice("herding") == ShotChoice::herding);
  REQUIRE(shot_choice("diverse") == ShotChoice::diverse);
  REQUIRE(shot_choice("text") == ShotChoice::text);
  REQUIRE(shot_choice("matching") == ShotChoice::matching);
  for (const char* word : {"", "First", "best", "texts"}) {
    REQUIRE_THROWS_AS(shot_choice(word), std::invalid_argument);
    REQUIRE_THROWS_WITH(shot_choice(word), ContainsSubstring("'" + std::string(word) + "'"));
  }
}

TEST_CASE("first and random do without features", "[shots]") {
  for (const ShotChoice choice : {ShotChoice::first, ShotChoice::random}) {
    REQUIRE_FALSE(needs_features(choice));
    REQUIRE(choose_shots({labels_of({0, 0, 1}), {}, {}}, 1, choice, 1).size() == 2);
  }
  for (const ShotChoice choice : {ShotChoice::herding, ShotChoice::diverse, ShotChoice::text, ShotChoice::matching}) {
    REQUIRE(needs_features(choice));
  }
}

TEST_CASE("first takes the first of every class, in the order of the candidates", "[shots]") {
  const torch::Tensor labels = labels_of({2, 0, 2, 2, 0, 5, 0});
  REQUIRE(choose_shots({labels, {}, {}}, 1, ShotChoice::first, 1) == Rows{0, 1, 5});
  REQUIRE(choose_shots({labels, {}, {}}, 2, ShotChoice::first, 1) == Rows{0, 1, 2, 4, 5});
}

TEST_CASE("every choice takes as many as there are, up to shots, in the order of the candidates", "[shots]") {
  const ShotCandidates candidates = mixed_candidates();
  const auto offered = by_class(all_rows(candidates), candidates.labels);
  for (const ShotChoice choice : kAll) {
    for (std::int64_t shots = 1; shots <= 10; ++shots) {
      const Rows chosen = choose_shots(candidates, shots, choice, 3);
      REQUIRE(std::adjacent_find(chosen.begin(), chosen.end(), std::greater_equal<>()) == chosen.end());
      const auto chosen_of = by_class(chosen, candidates.labels);
      REQUIRE(chosen_of.size() == offered.size());
      for (const auto& [label, rows] : offered) {
        REQUIRE(chosen_of.at(label).size() == std::min(rows.size(), static_cast<std::size_t>(shots)));
      }
    }
  }
}

TEST_CASE("no shots means all of them, and so does more than there are", "[shots]") {
  const ShotCandidates candidates = mixed_candidates();
  for (const ShotChoice choice : kAll) {
    for (const std::int64_t shots : {0, 9, 1000}) {
      REQUIRE(choose_shots(candidates, shots, choice, 1) == all_rows(candidates));
    }
    REQUIRE(choose_shots(candidates, 8, choice, 1).size() == all_rows(candidates).size() - 1);
  }
}

TEST_CASE("nothing is chosen of nothing", "[shots]") {
  for (const ShotChoice choice : kAll) {
    for (const std::int64_t shots : {0, 2}) {
      REQUIRE(choose_shots({labels_of({}), torch::zeros({0, 8}), random_unit_rows(3, 8, 1)}, shots, choice, 1).empty());
    }
  }
}

TEST_CASE("random is the same for the same seed, and another for another", "[shots]") {
  const torch::Tensor labels = torch::zeros({100}, torch::kLong);
  const Rows chosen = choose_shots({labels, {}, {}}, 10, ShotChoice::random, 7);
  REQUIRE(choose_shots({labels, {}, {}}, 10, ShotChoice::random, 7) == chosen);
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{8}, ~std::uint64_t{0}}) {
    REQUIRE(choose_shots({labels, {}, {}}, 10, ShotChoice::random, seed) != chosen);
  }
  REQUIRE(choose_shots({labels + 1, {}, {}}, 10, ShotChoice::random, 7) != chosen);
}

TEST_CASE("only random looks at the seed", "[shots]") {
  const ShotCandidates candidates = mixed_candidates();
  for (const ShotChoice choice : kAll) {
    bool differs = false;
    for (std::uint64_t seed = 2; seed < 7; ++seed) {
      differs = differs || choose_shots(candidates, 3, choice, seed) != choose_shots(candidates, 3, choice, 1);
    }
    REQUIRE(differs == (choice == ShotChoice::random));
  }
}

TEST_CASE("what a class takes does not depend on the other classes", "[shots]") {
  const ShotCandidates candidates = mixed_candidates();
  // This support has no class 0, and another class in between.
  Rows kept;
  Rows labels;
  for (std::int64_t row = 0; row < candidates.labels.numel(); ++row) {
    if (candidates.labels[row].item<std::int64_t>() == 0) continue;
    kept.push_back(row);
    labels.push_back(candidates.labels[row].item<std::int64_t>());
    if (row % 3 == 0) {
      kept.push_back(row);
      labels.push_back(2);
    }
  }
  const ShotCandidates changed{labels_of(labels), candidates.features.index_select(0, labels_of(kept)),
                               candidates.text};
  for (const ShotChoice choice : kAll) {
    const auto before = by_class(choose_shots(candidates, 3, choice, 5), candidates.labels);
    auto after = by_class(choose_shots(changed, 3, choice, 5), changed.labels);
    REQUIRE(after.count(0) == 0);
    for (const std::int64_t label : {1, 3, 4}) {
      for (std::int64_t& row : after.at(label)) row = kept.at(static_cast<std::size_t>(row));
      REQUIRE(after.at(label) == before.at(label));
    }
  }
}

TEST_CASE("random takes every pair equally often, and in each class on its own", "[shots]") {
  constexpr int kSeeds = 3000;
  const torch::Tensor labels = labels_of({0, 0, 0, 0, 0, 1, 1, 1, 1, 1});
  std::map<Rows, int> taken;
  int alike = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Rows chosen = choose_shots({labels, {}, {}}, 2, ShotChoice::random, seed);
    ++taken[{chosen.at(0), chosen.at(1)}];
    if (chosen.at(2) == chosen.at(0) + 5 && chosen.at(3) == chosen.at(1) + 5) ++alike;
  }
  REQUIRE(taken.size() == 10);
  // Expected are 300 of each, with a standard deviation of 16.
  for (const auto& [pair, count] : taken) REQUIRE(std::abs(count - kSeeds / 10) < 80);
  REQUIRE(std::abs(alike - kSeeds / 10) < 80);
}

TEST_CASE("herding takes those nearest to the class mean", "[shots]") {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    ShotCandidates candidates = mixed_candidates(seed);
    const auto mean = [&](std::int64_t /*label*/, const Rows& rows) {
      return candidates.features.to(torch::kDouble).index_select(0, labels_of(rows)).mean(0);
    };
    for (std::size_t shots = 1; shots <= 6; ++shots) {
      const Rows expected = nearest_rows(candidates, shots, mean);
      const auto count = static_cast<std::int64_t>(shots);
      REQUIRE(choose_shots(candidates, count, ShotChoice::herding, 1) == expected);
      REQUIRE(choose_shots({candidates.labels, candidates.features, {}}, count, ShotChoice::herding, 1) == expected);
    }
  }
}

TEST_CASE("text takes those nearest to the class text", "[shots]") {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const ShotCandidates candidates = mixed_candidates(seed);
    const auto text = [&](std::int64_t label, const Rows& /*rows*/) { return candidates.text[label]; };
    for (std::size_t shots = 1; shots <= 6; ++shots) {
      REQUIRE(choose_shots(candidates, static_cast<std::int64_t>(shots), ShotChoice::text, 1) ==
              nearest_rows(candidates, shots, text));
    }
  }
}

TEST_CASE("diverse takes the medoid of every cluster", "[shots]") {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    // Four clusters of 5, 2, 4 and 3 around different axes, in no order.
    const torch::Tensor cluster = labels_of({3, 0, 1, 0, 2, 2, 0, 3, 1, 0, 2, 0, 3, 2});
    const torch::Tensor noise = normal_numbers({14, 6}, seed);
    const torch::Tensor features =
        unit_rows(torch::eye(6, torch::kDouble).index_select(0, cluster) + 0.1 * noise).to(torch::kFloat);
    const ShotCandidates candidates = one_class(features);
    const Rows chosen = choose_shots(candidates, 4, ShotChoice::diverse, 1);
    REQUIRE(by_class(chosen, cluster).size() == 4);
    REQUIRE(cost(features, chosen) < least_cost(features, 4) + kRounding);
    for (const std::int64_t shots : {2, 3, 5, 6}) {
      const Rows others = choose_shots(candidates, shots, ShotChoice::diverse, 1);
      REQUIRE(by_class(others, cluster).size() == static_cast<std::size_t>(std::min<std::int64_t>(shots, 4)));
      const Rows first = choose_shots(candidates, shots, ShotChoice::first, 1);
      REQUIRE(cost(features, others) < cost(features, first) + kRounding);
    }
  }
}

TEST_CASE("diverse is the best of all where one is taken, or one is left out", "[shots]") {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    const torch::Tensor features = random_unit_rows(8, 5, seed);
    for (const std::int64_t shots : {1, 7}) {
      const Rows chosen = choose_shots(one_class(features), shots, ShotChoice::diverse, 1);
      REQUIRE(cost(features, chosen) < least_cost(features, static_cast<std::size_t>(shots)) + kRounding);
    }
  }
}

TEST_CASE("no exchange of one row makes diverse better", "[shots]") {
  double sum_diverse = 0;
  double sum_first = 0;
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    const torch::Tensor features = random_unit_rows(9, 4, seed);
    for (std::int64_t shots = 2; shots <= 6; ++shots) {
      const Rows chosen = choose_shots(one_class(features), shots, ShotChoice::diverse, 1);
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t place = 0; place < chosen.size(); ++place) {
        for (std::int64_t row = 0; row < features.size(0); ++row) {
          Rows exchanged = chosen;
          exchanged[place] = row;
          least = std::min(least, cost(features, exchanged));
        }
      }
      REQUIRE(cost(features, chosen) < least + kRounding);
      sum_diverse += cost(features, chosen);
      sum_first += cost(features, choose_shots(one_class(features), shots, ShotChoice::first, 1));
    }
  }
  // Such an optimum is a local one: now and then the first rows happen to be better.
  REQUIRE(sum_diverse < 0.8 * sum_first);
}

TEST_CASE("of equally good rows the earlier is taken", "[shots]") {
  const torch::Tensor axes = torch::eye(4, torch::kFloat);
  const ShotCandidates candidates{torch::zeros({7}, torch::kLong),
                                  axes.index_select(0, labels_of({1, 0, 1, 0, 0, 2, 0})), axes.slice(0, 1, 2)};
  const auto chosen = [&](std::int64_t shots, ShotChoice choice) { return choose_shots(candidates, shots, choice, 1); };
  REQUIRE(chosen(1, ShotChoice::herding) == Rows{1});
  REQUIRE(chosen(3, ShotChoice::herding) == Rows{1, 3, 4});
  REQUIRE(chosen(5, ShotChoice::herding) == Rows{0, 1, 3, 4, 6});
  REQUIRE(chosen(1, ShotChoice::text) == Rows{0});
  REQUIRE(chosen(3, ShotChoice::text) == Rows{0, 1, 2});
  REQUIRE(chosen(1, ShotChoice::diverse) == Rows{1});
  REQUIRE(chosen(2, ShotChoice::diverse) == Rows{0, 1});
  REQUIRE(chosen(3, ShotChoice::diverse) == Rows{0, 1, 5});
  REQUIRE(chosen(5, ShotChoice::diverse) == Rows{0, 1, 2, 3, 5});
}

TEST_CASE("of copies of an image the earlier is taken, whatever its feature", "[shots]") {
  for (const ShotChoice choice : {ShotChoice::herding, ShotChoice::diverse, ShotChoice::text}) {
    for (const std::int64_t width : {8, 17, 64, 512}) {
      for (const std::int64_t copies : {3, 9, 17, 33}) {
        const auto seed = static_cast<std::uint32_t>(width + copies);
        ShotCandidates candidates = one_class(random_unit_rows(1, width, seed).repeat({copies, 1}));
        candidates.text = random_unit_rows(1, width, seed + 1);
        REQUIRE(choose_shots(candidates, 1, choice, 1) == Rows{0});
        REQUIRE(choose_shots(candidates, 2, choice, 1) == Rows{0, 1});
      }
    }
  }
}

TEST_CASE("of two images, which are equally near to their mean, the earlier is taken", "[shots]") {
  for (const std::int64_t width : {8, 17, 64, 512}) {
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
      const ShotCandidates candidates = one_class(random_unit_rows(2, width, seed));
      REQUIRE(choose_shots(candidates, 1, ShotChoice::herding, 1) == Rows{0});
      REQUIRE(choose_shots(candidates, 1, ShotChoice::diverse, 1) == Rows{0});
    }
  }
}
