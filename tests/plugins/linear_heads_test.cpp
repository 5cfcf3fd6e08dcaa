// The heads whose result is a linear classifier: gda and logistic.
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_inv.h>
#include <ATen/ops/ones.h>

#include "support/catch.h"
#include "support/heads.h"
#include "support/problem.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Support;

namespace {

const trefoil::Channels kAll = all_channels();

}  // namespace

TEST_CASE("gda mixes in the Gaussian of the formula", "[heads]") {
  const SmallProblem problem = small_problem();
  const Support& support = problem.support;
  const Classifier start = relate("ape", support, kAll);
  const Classifier trained = train_head("gda", start, support, {{"alpha", 0.2}});
  const torch::Tensor means = trefoil::class_sums(support.images, support.labels, 5) / 4;
  const torch::Tensor spread = support.images - means.index_select(0, support.labels);
  const torch::Tensor scatter = spread.t().mm(spread);  // (M − 1) Σ
  const torch::Tensor inverse = torch::linalg_inv(scatter + scatter.trace() / 19 * torch::eye(32, torch::kDouble)) * 32;
  const torch::Tensor square = means.mm(inverse).mul(means).sum(1) * 0.5;
  const torch::Tensor noise = inverse.mm(scatter / 15).trace() / 4 * 0.5;
  const torch::Tensor gaussian = problem.test.mm(inverse).mm(means.t()) - square + noise;
  REQUIRE(largest_difference(trained.logits(problem.test), start.logits(problem.test) + 0.2 * gaussian) < 1e-8);
}

TEST_CASE("gda takes the mean of a class without images from its text", "[heads]") {
  const Support ragged = ragged_support();
  const Classifier trained = train_head("gda", relate("zero_shot", ragged, kAll), ragged, {{"alpha", 1.0}});
  REQUIRE(trained.text.isfinite().all().item<bool>());
  REQUIRE(trained.bias.isfinite().all().item<bool>());
}

TEST_CASE("gda refuses images that tell no spread", "[heads]") {
  Support equal = small_problem().support;
  equal.images = equal.text.index_select(0, equal.labels);
  REQUIRE_THROWS_WITH(train_head("gda", relate("zero_shot", equal, kAll), equal),
                      ContainsSubstring("the images of each class are equal"));
}

TEST_CASE("logistic regression ends where its gradient vanishes", "[heads]") {
  const Support ragged = ragged_support();
  const Classifier start = relate("ape", ragged, kAll);
  for (const char* around : {"text", "zero"}) {
    const Classifier trained = train_head(
        "logistic", start, ragged, {{"c", 0.5}, {"around", std::string(around)}, {"iterations", std::int64_t{500}}});
    REQUIRE(trained.key_count() == 0);
    const torch::Tensor error =
        trained.logits(ragged.images).softmax(1) - torch::eye(5, torch::kDouble).index_select(0, ragged.labels);
    const torch::Tensor origin = start.text * (std::string(around) == "text" ? start.logit_scale : 0);
    CAPTURE(around);
    REQUIRE(largest_difference(trained.text - origin, -0.5 * error.t().mm(ragged.images)) < 2e-3);
    REQUIRE(error.sum(0).abs().max().item<double>() < 2e-3);  // the intercept is free
  }
}

TEST_CASE("a strong pull leaves the text classifier", "[heads]") {
  const SmallProblem problem = small_problem();
  const Classifier start = relate("zero_shot", problem.support, kAll);
  const Classifier trained = train_head("logistic", start, problem.support, {{"c", 1e-9}, {"intercept", false}});
  REQUIRE(largest_difference(trained.logits(problem.test), start.logits(problem.test)) < 1e-5);
}
