#include <ATen/ops/one_hot.h>

#include <cmath>

#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using trefoil::Channels;
using trefoil::Classifier;
using trefoil::Support;

namespace {

Channels every_channel(const Support& support) { return first_channels(support, support.width()); }

// The formula of the paper, with dense one-hot labels.
torch::Tensor naive_ape(const Support& support, const Channels& channels, const torch::Tensor& query, double alpha,
                        double beta, double gamma) {
  const torch::Tensor labels = torch::one_hot(support.labels, support.class_count()).to(torch::kDouble);
  const auto prime = [&](const torch::Tensor& rows) {
    return trefoil::unit_rows(trefoil::restrict_to(rows, channels));
  };
  const torch::Tensor probability = prime(support.images).matmul(prime(support.text).t()).softmax(1);
  const torch::Tensor div = (labels * ((labels + 1e-6) / (probability + 1e-6)).log2()).sum(1);
  const torch::Tensor affinity = (-beta * (1 - prime(query).matmul(prime(support.images).t()))).exp();
  return 100 * query.matmul(support.text.t()) + alpha * affinity.matmul((gamma * div).exp().unsqueeze(1) * labels);
}

}  // namespace

TEST_CASE("ape computes its printed formula", "[relations]") {
  const SmallProblem problem = small_problem();
  for (const Support& support : {problem.support, ragged_support()}) {
    const Channels channels = trefoil::keep_best(score("mixed", support), 20);
    const Classifier classifier = relate("ape", support, channels, {{"alpha", 2.0}, {"beta", 3.0}, {"gamma", 0.4}});
    REQUIRE(near(classifier.logits(problem.test), naive_ape(support, channels, problem.test, 2.0, 3.0, 0.4)));
  }
}

TEST_CASE("the order of channels does not matter to ape", "[relations]") {
  const SmallProblem problem = small_problem();
  const Channels channels = trefoil::keep_best(score("mixed", problem.support), 20);
  const Channels reversed{channels.index.flip(0), channels.score};
  REQUIRE(near(relate("ape", problem.support, channels).logits(problem.test),
               relate("ape", problem.support, reversed).logits(problem.test)));
}

TEST_CASE("without selection and gamma, ape is tip", "[relations]") {
  const SmallProblem problem = small_problem();
  const Channels channels = every_channel(problem.support);
  const torch::Tensor ape =
      relate("ape", problem.support, channels, {{"alpha", 1.5}, {"gamma", 0.0}}).logits(problem.test);
  REQUIRE(near(ape, relate("tip", problem.support, channels, {{"alpha", 1.5}}).logits(problem.test)));
}

TEST_CASE("without alpha, every relation is zero-shot CLIP", "[relations]") {
  const SmallProblem problem = small_problem();
  const Channels channels = every_channel(problem.support);
  const torch::Tensor zero_shot = relate("zero_shot", problem.support, channels).logits(problem.test);
  REQUIRE(near(zero_shot, 100 * problem.test.matmul(problem.support.text.t())));
  REQUIRE(near(relate("tip", problem.support, channels, {{"alpha", 0.0}}).logits(problem.test), zero_shot));
  REQUIRE(near(relate("ape", problem.support, channels, {{"alpha", 0.0}}).logits(problem.test), zero_shot));
}

TEST_CASE("without a single image, every relation is zero-shot CLIP", "[relations]") {
  const SmallProblem problem = small_problem();
  const Support none{problem.support.text, problem.support.images.slice(0, 0, 0),
                     problem.support.labels.slice(0, 0, 0)};
  const torch::Tensor zero_shot = relate("zero_shot", none, every_channel(none)).logits(problem.test);
  REQUIRE(near(relate("tip", none, every_channel(none)).logits(problem.test), zero_shot));
  REQUIRE(near(relate("ape", none, every_channel(none)).logits(problem.test), zero_shot));
}

TEST_CASE("the switches of the divergence do what they say", "[relations]") {
  const Support support = small_problem().support;
  const Channels channels = every_channel(support);
  const auto divergence = [&](const Overrides& overrides) {
    return relate("ape", support, channels, overrides).divergence;
  };
  const torch::Tensor bits = divergence({});
  REQUIRE(near(divergence({{"log_base", std::string("e")}}), bits * std::log(2.0)));
  REQUIRE(near(divergence({{"sign", std::string("minus")}}), -bits));
  const torch::Tensor at_zero = divergence({{"temperature", 0.0}});  // uniform probabilities
  REQUIRE(near(at_zero, at_zero.new_full({20}, std::log2((1 + 1e-6) / (0.2 + 1e-6)))));
}

TEST_CASE("relations read logit_scale", "[relations]") {
  const SmallProblem problem = small_problem();
  const Channels channels = every_channel(problem.support);
  for (const char* name : {"zero_shot", "tip", "ape"}) {
    REQUIRE(relate(name, problem.support, channels, {{"logit_scale", 7.0}}).logit_scale == 7.0);
  }
}
