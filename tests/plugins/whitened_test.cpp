// The head `whitened`: its loss against the formula written plainly, its optimum, and its special cases.
#include <ATen/ops/arange.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_inv.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "support/catch.h"
#include "support/heads.h"
#include "support/problem.h"
#include "support/whitening.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Support;

namespace {

const trefoil::Channels kChannels = all_channels();

Classifier train_whitened(const Classifier& start, const Support& support, Overrides overrides = {}, int threads = 2) {
  return train_head("whitened", start, support, std::move(overrides), threads);
}

// The loss of R in the coordinates of the method: V = s W + 10 R T and G = V Σ Vᵀ, example by example.
torch::Tensor plain_loss(const torch::Tensor& residual, const Support& support, double ridge, double noise) {
  const whitening::FeatureNoise estimated = shrunken_noise(support);
  const torch::Tensor precision = estimated.transform.mm(estimated.transform) / estimated.variance;
  const torch::Tensor covariance = torch::linalg_inv(precision);
  const torch::Tensor weights = support.text * 100 + residual.mm(estimated.transform) * 10;
  const torch::Tensor bias = support.text.mv(estimated.centre) * 100;
  torch::Tensor loss = residual.square().sum() * (ridge / 2);
  for (std::int64_t i = 0; i < support.image_count(); ++i) {
    const auto own = support.labels[i].item<std::int64_t>();
    const torch::Tensor logits = weights.mv(support.images[i] - estimated.centre) + bias;
    const torch::Tensor away = weights - weights[own];  // the noise of a difference of logits
    const torch::Tensor variance = away.mm(covariance).mul(away).sum(1);
    loss = loss + (logits - logits[own] + variance * (noise / 2)).logsumexp(0);
  }
  return loss;
}

// R of a trained classifier.
torch::Tensor residual_of(const Classifier& trained, const Support& support) {
  return (trained.text * trained.logit_scale - support.text * 100).mm(shrunken_noise(support).inverse) / 10;
}

}  // namespace

TEST_CASE("the whitened covariance has the shrunken identity as its square", "[heads]") {
  const Support support = small_problem().support;
  const whitening::FeatureNoise noise = shrunken_noise(support);
  const torch::Tensor means = trefoil::class_sums(support.images, support.labels, 5) / 4;
  const torch::Tensor spread = support.images - means.index_select(0, support.labels);
  const torch::Tensor covariance = spread.t().mm(spread) / 15;
  const double variance = covariance.trace().item<double>() / 32;
  REQUIRE(noise.variance == Approx(variance).epsilon(1e-12));
  REQUIRE(largest_difference(noise.centre, means.mean(0)) < 1e-12);
  const torch::Tensor shrunken = covariance * 0.5 + torch::eye(32, torch::kDouble) * (0.5 * variance);
  REQUIRE(largest_difference(noise.transform.mm(shrunken).mm(noise.transform),
                             torch::eye(32, torch::kDouble) * variance) < 1e-10);
  REQUIRE(largest_difference(noise.transform.mm(noise.inverse), torch::eye(32, torch::kDouble)) < 1e-10);
}

TEST_CASE("the trained residual is the minimum of the formula, with and without noise", "[heads]") {
  const Support support = small_problem().support;
  for (const double noise : {1.0, 0.0, 0.4}) {
    CAPTURE(noise);
    const Classifier trained =
        train_whitened(relate("zero_shot", support, kChannels), support, {{"lambda", 0.3}, {"noise", noise}});
    const torch::Tensor residual = residual_of(trained, support).detach().requires_grad_(true);
    const torch::Tensor loss = plain_loss(residual, support, 0.3, noise);
    loss.backward();
    REQUIRE(residual.grad().abs().max().item<double>() < 1e-6);
    const torch::Tensor elsewhere = residual.detach() + normal_numbers({5, 32}, 2) * 0.01;
    REQUIRE(plain_loss(elsewhere, support, 0.3, noise).item<double>() > loss.item<double>());
  }
}

TEST_CASE("the loss and the gradient are those of the formula anywhere", "[heads]") {
  const Support support = ragged_support();  // one class has no images
  const torch::Tensor residual = normal_numbers({5, 32}, 3).mul(0.2).requires_grad_(true);
  const torch::Tensor expected = plain_loss(residual, support, 0.7, 1.3);
  expected.backward();
  whitening::Problem problem = whitening_problem(support, /*ridge=*/0.7, /*noise=*/1.3);
  parallel::Workers workers(2);
  whitening::NoiseObjective objective(problem, workers);
  const torch::Tensor gradient = torch::zeros({5, 32}, torch::kDouble);
  REQUIRE(objective.evaluate(residual.detach(), gradient) == Approx(expected.item<double>()).epsilon(1e-10));
  REQUIRE(largest_difference(gradient, residual.grad()) < 1e-8);
  problem.trained[3] = 0;
  whitening::NoiseObjective without_one(problem, workers);
  without_one.evaluate(residual.detach(), gradient);
  REQUIRE(gradient[3].abs().max().item<double>() == 0);
}

TEST_CASE("a class without images keeps its text, and competes", "[heads]") {
  const Support support = ragged_support();
  const Classifier trained = train_whitened(relate("zero_shot", support, kChannels), support);
  const torch::Tensor moved = (trained.text - support.text).abs().amax(1);
  REQUIRE(moved[3].item<double>() == 0);
  REQUIRE(moved[0].item<double>() > 1e-4);
  REQUIRE(trained.logits(support.images).isfinite().all().item<bool>());
}

TEST_CASE("one image of each class is enough, without feature noise", "[heads]") {
  Support support = small_problem().support;
  const torch::Tensor first = torch::arange(5) * 4;
  support.images = support.images.index_select(0, first);
  support.labels = support.labels.index_select(0, first);
  const Classifier start = relate("zero_shot", support, kChannels);
  const Classifier trained = train_whitened(start, support);
  REQUIRE(trained.text.equal(train_whitened(start, support, {{"noise", 0.0}}).text));
  REQUIRE(trained.logits(support.images).argmax(1).equal(support.labels));
  REQUIRE((trained.text - start.text).abs().max().item<double>() > 1e-4);
}

TEST_CASE("equal views count as one image", "[heads]") {
  const Support support = small_problem().support;
  Support views = support;
  views.views = support.images.unsqueeze(0).expand({3, -1, -1}).contiguous();
  const Classifier start = relate("zero_shot", support, kChannels);
  REQUIRE(largest_difference(train_whitened(start, views).text, train_whitened(start, support).text) < 1e-7);
}

TEST_CASE("whitened in float32 is near float64, and equal for every number of threads", "[heads]") {
  const SmallProblem problem = small_problem();
  const Support single = to(problem.support, torch::kFloat);
  const Classifier exact = train_whitened(relate("zero_shot", problem.support, kChannels), problem.support);
  const Classifier trained = train_whitened(relate("zero_shot", single, kChannels), single);
  const torch::Tensor expected = exact.logits(problem.test);
  REQUIRE(largest_difference(trained.logits(problem.test.to(torch::kFloat)).to(torch::kDouble), expected) <
          1e-3 * expected.abs().max().item<double>());
  REQUIRE(trained.text.equal(train_whitened(relate("zero_shot", single, kChannels), single, {}, 1).text));
}

TEST_CASE("whitened keeps a cache, whose logits count in its loss", "[heads]") {
  const Support support = small_problem().support;
  const Classifier start = relate("tip", support, kChannels, {{"alpha", 3.0}, {"beta", 4.0}});
  const Classifier trained = train_whitened(start, support);
  REQUIRE(trained.key_count() == 20);
  REQUIRE(trained.alpha == 3);
  REQUIRE(trained.keys.equal(start.keys));
  REQUIRE(largest_difference(trained.text, train_whitened(relate("zero_shot", support, kChannels), support).text) >
          1e-3);
}

TEST_CASE("whitened refuses images without any differences, custom logits and dense values", "[heads]") {
  Support support = small_problem().support;
  support.images = support.text.index_select(0, support.labels);
  REQUIRE_THROWS_WITH(train_whitened(relate("zero_shot", support, kChannels), support), ContainsSubstring("are equal"));
  Classifier custom = relate("zero_shot", small_problem().support, kChannels);
  custom.custom_logits = [](const Classifier&, const torch::Tensor& query) { return query; };
  REQUIRE_THROWS_WITH(train_whitened(custom, small_problem().support), ContainsSubstring("custom_logits"));
  const Classifier dense = relate("kernel_ridge", small_problem().support, kChannels);
  REQUIRE_THROWS_WITH(train_whitened(dense, small_problem().support), ContainsSubstring("dense values"));
}
