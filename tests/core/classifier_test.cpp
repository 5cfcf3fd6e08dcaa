#include "trefoil/classifier.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>

#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using trefoil::Classifier;

namespace {

Classifier ape_classifier(const trefoil::Support& support) {
  return relate("ape", support, trefoil::keep_best(score("mixed", support), 20), {{"alpha", 2.0}, {"gamma", 0.3}});
}

bool near(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>() < 1e-10; }

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
  const torch::Tensor order = normal_numbers(20, 7).argsort();
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

TEST_CASE("a bias is added to every query", "[method]") {
  const SmallProblem problem = small_problem();
  Classifier classifier = ape_classifier(problem.support);
  const torch::Tensor without = classifier.logits(problem.test);
  classifier.bias = normal_numbers(5, 3);
  REQUIRE(near(classifier.logits(problem.test), without + classifier.bias));
}

TEST_CASE("custom logits replace the formula", "[method]") {
  Classifier classifier = ape_classifier(small_problem().support);
  classifier.custom_logits = [](const Classifier& self, const torch::Tensor& query) {
    return torch::ones({query.size(0), self.class_count()});
  };
  REQUIRE(classifier.logits(small_problem().test).equal(torch::ones({60, 5})));
}
