#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using trefoil::Support;

namespace {

// Returns S by its definition: a sum over all pairs of different classes.
torch::Tensor naive_similarity(const torch::Tensor& means, const torch::Tensor& priors) {
  torch::Tensor sum = torch::zeros({means.size(1)}, torch::kDouble);
  double weight = 0;
  for (std::int64_t i = 0; i < means.size(0); ++i) {
    for (std::int64_t j = 0; j < means.size(0); ++j) {
      if (i == j) continue;
      const double pair = priors[i].item<double>() * priors[j].item<double>();
      sum += pair * means[i] * means[j];
      weight += pair;
    }
  }
  return sum / weight;
}

torch::Tensor rows_of_class(const Support& support, std::int64_t class_index) {
  return support.images.index_select(0, (support.labels == class_index).nonzero().flatten());
}

// Uses a smaller tolerance than near(), because scores are small.
bool same_score(const torch::Tensor& a, const torch::Tensor& b, double tolerance = 1e-12) {
  return near(a, b, tolerance);
}

Support permuted(const Support& support, const torch::Tensor& channels) {
  return {support.text.index_select(1, channels).contiguous(), support.images.index_select(1, channels).contiguous(),
          support.labels};
}

}  // namespace

TEST_CASE("the closed form of S equals the sum over pairs of classes", "[selectors]") {
  const Support support = ragged_support();
  torch::Tensor joint = torch::zeros({5, 32}, torch::kDouble);
  for (std::int64_t i = 0; i < 5; ++i) {
    const torch::Tensor rows = rows_of_class(support, i);
    joint[i] = (rows.sum(0) + support.text[i]) / static_cast<double>(rows.size(0) + 1);
  }
  const torch::Tensor uniform = torch::zeros({5}, torch::kDouble).fill_(0.2);
  REQUIRE(same_score(-score("similarity", support), naive_similarity(joint, uniform)));
  REQUIRE(same_score(-score("similarity", support, {{"population", std::string("text")}}),
                     naive_similarity(support.text, uniform)));
  const torch::Tensor empirical = trefoil::class_counts(support.labels, 5).to(torch::kDouble) / 10;
  REQUIRE(same_score(-score("similarity", support, {{"priors", std::string("empirical")}}),
                     naive_similarity(joint, empirical)));
}

TEST_CASE("mix is the weighted sum of S of texts and S of images", "[selectors]") {
  const Support support = ragged_support();
  const auto of = [&](const char* population) {
    return score("similarity", support, {{"population", std::string(population)}});
  };
  const torch::Tensor mix = score("similarity", support, {{"population", std::string("mix")}, {"balance", 0.3}});
  REQUIRE(same_score(mix, 0.3 * of("text") + 0.7 * of("image")));
}

TEST_CASE("variance follows its definition and its sign", "[selectors]") {
  const Support support = ragged_support();
  REQUIRE(same_score(score("variance", support), support.text.var(0, true)));
  torch::Tensor intra = torch::zeros({32}, torch::kDouble);
  for (const std::int64_t i : {0, 1, 4})
    intra += rows_of_class(support, i).var(0, false);  // the classes with two shots or more
  intra /= 3;
  REQUIRE(same_score(score("variance", support, {{"source", std::string("intra")}}), -intra));
  REQUIRE(same_score(score("variance", support, {{"source", std::string("intra")}, {"keep", std::string("large")}}),
                     intra));
  REQUIRE(same_score(score("variance", support, {{"keep", std::string("small")}}), -support.text.var(0, true)));
}

TEST_CASE("mixed is the sum of both criteria", "[selectors]") {
  const Support support = ragged_support();
  const torch::Tensor expected = 0.3 * score("similarity", support) + 0.7 * score("variance", support);
  REQUIRE(same_score(score("mixed", support, {{"lambda", 0.3}}), expected));
}

TEST_CASE("permuting the channels permutes the scores", "[selectors]") {
  const Support support = ragged_support();
  const torch::Tensor order = normal_numbers({32}, 9).argsort();
  for (const char* name : {"similarity", "variance", "mixed"}) {
    REQUIRE(same_score(score(name, permuted(support, order)), score(name, support).index_select(0, order)));
  }
}

TEST_CASE("scores in float32 are those in float64", "[selectors]") {
  const Support support = small_problem().support;
  for (const char* name : {"similarity", "variance", "mixed"}) {
    REQUIRE(same_score(score(name, to(support, torch::kFloat)), score(name, support), 1e-6));
  }
}

TEST_CASE("random depends on the seed and on nothing else", "[selectors]") {
  const Support support = small_problem().support;
  REQUIRE(score("random", support, {}, 1).equal(score("random", ragged_support(), {}, 1)));
  REQUIRE_FALSE(score("random", support, {}, 1).equal(score("random", support, {}, 2)));
}

TEST_CASE("selectors say what they lack", "[selectors]") {
  const Support full = small_problem().support;
  const Support one_shot{full.text, full.images.slice(0, 0, 20, 4), full.labels.slice(0, 0, 20, 4)};
  REQUIRE_THROWS_WITH(score("variance", one_shot, {{"source", std::string("intra")}}), ContainsSubstring("two shots"));
  const Support one_class{full.text.slice(0, 0, 1), full.images.slice(0, 0, 4), full.labels.slice(0, 0, 4)};
  REQUIRE_THROWS_WITH(score("similarity", one_class), ContainsSubstring("two classes"));
  REQUIRE_THROWS_WITH(score("variance", one_class), ContainsSubstring("two classes"));
  const Support no_images{full.text, full.images.slice(0, 0, 0), full.labels.slice(0, 0, 0)};
  REQUIRE(same_score(score("similarity", no_images), score("similarity", full, {{"population", std::string("text")}})));
  REQUIRE_THROWS_WITH(score("similarity", no_images, {{"population", std::string("image")}}),
                      ContainsSubstring("two classes"));
  REQUIRE_THROWS_WITH(score("similarity", no_images, {{"priors", std::string("empirical")}}),
                      ContainsSubstring("two classes"));
}
