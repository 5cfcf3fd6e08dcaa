#include "trefoil/classifier.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>

#include <array>

#include "runtime/affinity.h"
#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::FamilyLogits;

namespace {

Classifier ape_classifier(const trefoil::Support& support) {
  return relate("ape", support, trefoil::keep_best(score("mixed", support), 20), {{"alpha", 2.0}, {"gamma", 0.3}});
}

}  // namespace

TEST_CASE("logits of blocks are the logits of the whole", "[method]") {
  const SmallProblem problem = small_problem();
  const Classifier classifier = ape_classifier(problem.support);
  const torch::Tensor parts =
      torch::cat({classifier.logits(problem.test.slice(0, 0, 7)), classifier.logits(problem.test.slice(0, 7, 60))});
  REQUIRE(near(parts, classifier.logits(problem.test)));
}

TEST_CASE("the order of keys does not matter", "[method]") {
  const SmallProblem problem = small_problem();
  const Classifier classifier = ape_classifier(problem.support);
  Classifier shuffled = classifier;
  const torch::Tensor order = normal_numbers({20}, 7).argsort();
  shuffled.keys = classifier.keys.index_select(0, order);
  shuffled.labels = classifier.labels.index_select(0, order);
  shuffled.divergence = classifier.divergence.index_select(0, order);
  REQUIRE(near(shuffled.logits(problem.test), classifier.logits(problem.test)));
}

TEST_CASE("the cache term is linear in alpha and in the weights", "[method]") {
  const SmallProblem problem = small_problem();
  Classifier classifier = ape_classifier(problem.support);
  const torch::Tensor once = classifier.logits(problem.test);
  classifier.alpha *= 2;
  const torch::Tensor twice = classifier.logits(problem.test);
  classifier.alpha /= 2;
  classifier.weight = 2 * torch::ones({20}, torch::kDouble);
  REQUIRE(near(classifier.logits(problem.test), twice));
  classifier.alpha = 0;
  REQUIRE(near(twice - once, once - classifier.logits(problem.test)));
}

TEST_CASE("a family's logits are those of each alone, to the bit, in any order", "[method]") {
  const SmallProblem problem = small_problem();
  const Classifier start = ape_classifier(problem.support);
  FamilyLogits family(trefoil::similarities(start, problem.test));
  for (const auto& [alpha, beta, gamma] : {std::array{1.0, 2.0, 0.1},
                                           {3.0, 2.0, 0.1},
                                           {3.0, 2.0, 0.0},
                                           {0.0, 2.0, 0.0},
                                           {1.0, 5.5, 0.0},
                                           {1.0, 2.0, 0.1}}) {
    Classifier member = start;
    member.alpha = alpha;
    member.beta = beta;
    member.gamma = gamma;
    REQUIRE(trefoil::differ_in_cache_hyperparameters_only(member, start));
    REQUIRE(family.of(member).equal(member.logits(problem.test)));
  }
}

TEST_CASE("classifiers of other keys, weights or code are no family", "[method]") {
  const Classifier start = ape_classifier(small_problem().support);
  Classifier other = start;
  other.divergence = start.divergence + 1;
  REQUIRE_FALSE(trefoil::differ_in_cache_hyperparameters_only(other, start));
  other = start;
  other.weight = torch::ones({20}, torch::kDouble);
  REQUIRE_FALSE(trefoil::differ_in_cache_hyperparameters_only(other, start));
  other = start;
  other.keys = start.keys.clone();
  REQUIRE(trefoil::differ_in_cache_hyperparameters_only(other, start));  // another tensor of the same numbers
  other.custom_logits = [](const Classifier&, const torch::Tensor& query) { return query; };
  REQUIRE_FALSE(trefoil::differ_in_cache_hyperparameters_only(other, other));
}

TEST_CASE("dense values that are the one-hot labels change nothing", "[method]") {
  const SmallProblem problem = small_problem();
  Classifier classifier = ape_classifier(problem.support);
  const torch::Tensor by_labels = classifier.logits(problem.test);
  classifier.values = torch::one_hot(classifier.labels, 5).to(torch::kDouble);
  REQUIRE(near(classifier.logits(problem.test), by_labels));
  classifier.weight = 2 * torch::ones({20}, torch::kDouble);
  const torch::Tensor twice = classifier.logits(problem.test);
  classifier.weight = torch::Tensor();
  classifier.values = classifier.values * 2;
  REQUIRE(near(classifier.logits(problem.test), twice));
}

TEST_CASE("dense values belong to the family, and move with the classifier", "[method]") {
  const SmallProblem problem = small_problem();
  const Classifier start = relate("kernel_ridge", problem.support, first_channels(problem.support, 32));
  Classifier other = start;
  other.alpha = 3;
  REQUIRE(trefoil::differ_in_cache_hyperparameters_only(other, start));
  FamilyLogits family(trefoil::similarities(start, problem.test));
  REQUIRE(family.of(start).equal(start.logits(problem.test)));
  REQUIRE(family.of(other).equal(other.logits(problem.test)));
  other.values = start.values + 1;
  REQUIRE_FALSE(trefoil::differ_in_cache_hyperparameters_only(other, start));
  REQUIRE(start.to(torch::kMeta).values.is_meta());
}

TEST_CASE("a bias is added to every query", "[method]") {
  const SmallProblem problem = small_problem();
  Classifier classifier = ape_classifier(problem.support);
  const torch::Tensor without = classifier.logits(problem.test);
  classifier.bias = normal_numbers({5}, 3);
  REQUIRE(near(classifier.logits(problem.test), without + classifier.bias));
}

TEST_CASE("custom logits replace the formula", "[method]") {
  Classifier classifier = ape_classifier(small_problem().support);
  classifier.custom_logits = [](const Classifier& self, const torch::Tensor& query) {
    return torch::ones({query.size(0), self.class_count()});
  };
  REQUIRE(classifier.logits(small_problem().test).equal(torch::ones({60, 5})));
}
