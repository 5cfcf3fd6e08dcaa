// The head gda with a prior from the texts, and with one image of each class.
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_inv.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "heads/whitening/text_prior.h"
#include "support/catch.h"
#include "support/heads.h"
#include "support/problem.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Support;

namespace {

const trefoil::Channels kEvery = all_channels();

// Two classes in two channels with texts (1, 0) and (−1, 0). The images of the first class are (2, 1 ± distance), and
// those of the second are their negatives. Then g = 0, w̃ is the text, S = diag(0, 2 distance²), t = distance², and
// Σ / t = diag(½, 3/2).
Support opposite_classes(double distance) {
  Support support;
  support.text = torch::tensor({1.0, 0.0, -1.0, 0.0}, torch::kDouble).view({2, 2});
  const torch::Tensor first = torch::tensor({2.0, 1 + distance, 2.0, 1 - distance}, torch::kDouble).view({2, 2});
  support.images = torch::cat({first, -first});
  support.labels = torch::tensor({0, 0, 1, 1}, torch::kLong);
  return support;
}

whitening::MeanEstimate estimated_means(const Support& support) {
  const whitening::Scatter scatter = whitening::measure(support, support.images, support.labels);
  return whitening::means_with_text_prior(support.text, scatter, whitening::estimate(scatter, 0.5));
}

Support one_image_each() {
  Support support = small_problem().support;
  const torch::Tensor first = torch::arange(5) * 4;
  support.images = support.images.index_select(0, first);
  support.labels = support.labels.index_select(0, first);
  return support;
}

// What the discriminant adds to zero logits.
torch::Tensor discriminant_of(const Support& support, const torch::Tensor& query, const char* prior) {
  Classifier nothing = relate("zero_shot", support, kEvery);
  nothing.text = torch::zeros_like(nothing.text);
  return train_head("gda", nothing, support, {{"alpha", 1.0}, {"prior", std::string(prior)}}).logits(query);
}

}  // namespace

TEST_CASE("the means of two opposite classes are those computed by hand", "[heads]") {
  // φ_1 = (2√2, √⅔), u_1 = (1/√2, 0), so a = 4, and a u leaves E_1 = (0, √⅔). The kernel is ((1, −1), (−1, 1)): its
  // regression turns E into 2/(2+ℓ) E, and without one class the error is ℓ/(1+ℓ) E, least for ℓ = 0.03.
  const double second = std::sqrt(2.0 / 3);
  const double left = second * 0.03 / 1.03;  // of the second channel; the first has no error
  for (const double distance : {0.01, 1.0}) {
    CAPTURE(distance);
    const double t = distance * distance;
    const double variance = std::max(left * left / 2 - t / 2, 1e-6);
    const double trust = variance / (variance + t / 2);
    const whitening::MeanEstimate estimate = estimated_means(opposite_classes(distance));
    REQUIRE(estimate.penalty == 0.03);
    REQUIRE(estimate.variance == Approx(variance).epsilon(1e-9));
    const torch::Tensor first =
        torch::tensor({2 * std::sqrt(2.0), second * ((1 - trust) * 2 / 2.03 + trust)}, torch::kDouble);
    REQUIRE(largest_difference(estimate.means[0], first) < 1e-10);
    REQUIRE(largest_difference(estimate.means[1], -first) < 1e-10);
  }
}

TEST_CASE("without an error to explain there is no regression on the texts", "[heads]") {
  Support support = opposite_classes(0.5);
  support.images.select(1, 1) -= torch::tensor({1.0, 1.0, -1.0, -1.0}, torch::kDouble);  // now ±(2, ±½)
  const whitening::MeanEstimate estimate = estimated_means(support);
  REQUIRE(std::isinf(estimate.penalty));
  REQUIRE(estimate.variance == 1e-6);
  REQUIRE(largest_difference(estimate.means[0], torch::tensor({2 * std::sqrt(2.0), 0.0}, torch::kDouble)) < 1e-12);
}

TEST_CASE("leaving one class out of the regression agrees with fitting it again", "[heads]") {
  const Support support = small_problem().support;
  const whitening::Scatter scatter = whitening::measure(support, support.images, support.labels);
  const whitening::FeatureNoise noise = whitening::estimate(scatter, 0.5);
  const torch::Tensor texts = support.text - support.text.mean(0);
  const torch::Tensor directions = texts.mm(noise.inverse);
  const torch::Tensor means = (scatter.means - noise.centre).mm(noise.transform);
  const torch::Tensor factor = (means * directions).sum() / directions.square().sum();
  const torch::Tensor rest = means - directions * factor;
  const auto prediction = [&](const torch::Tensor& from, const torch::Tensor& of, double penalty) {
    const torch::Tensor known = texts.index_select(0, from);
    const torch::Tensor kernel = known.mm(known.t()) + torch::eye(from.size(0), torch::kDouble) * penalty;
    return texts.index_select(0, of).mm(known.t()).mm(torch::linalg_inv(kernel)).mm(rest.index_select(0, from));
  };
  const torch::Tensor all = torch::arange(5, torch::kLong);
  double least = rest.square().mean().item<double>();
  torch::Tensor regression = torch::zeros_like(rest);
  for (const double penalty : {10.0, 3.0, 1.0, 0.3, 0.1, 0.03}) {
    double squares = 0;
    for (std::int64_t c = 0; c < 5; ++c) {
      const torch::Tensor own = torch::tensor({c}, torch::kLong);
      const torch::Tensor others = all.masked_select(all != c);
      squares += (rest[c] - prediction(others, own, penalty)[0]).square().sum().item<double>();
    }
    const double mean_square = squares / static_cast<double>(rest.numel());
    if (mean_square >= least) continue;
    least = mean_square;
    regression = prediction(all, all, penalty);
  }
  const double t_of_mean = noise.variance / 4;
  const double variance = std::max(least - t_of_mean, 1e-6);
  const double trust = variance / (variance + t_of_mean);
  const torch::Tensor expected = (directions * factor + regression) * (1 - trust) + means * trust;
  REQUIRE(largest_difference(estimated_means(support).means, expected) < 1e-10);
  // The discriminant is the logarithm of the density, with covariance t T⁻², up to a term that is equal for all
  // classes.
  const torch::Tensor query = small_problem().test;
  const torch::Tensor away = ((query - noise.centre).mm(noise.transform)).unsqueeze(1) - expected;
  const torch::Tensor density = away.square().sum(2) / (-2 * noise.variance);
  const torch::Tensor found = discriminant_of(support, query, "text");
  REQUIRE(largest_difference(found - found.mean(1, true), density - density.mean(1, true)) < 1e-8);
}

TEST_CASE("a class without images takes its prior mean", "[heads]") {
  const Support ragged = ragged_support();
  const torch::Tensor logits = discriminant_of(ragged, small_problem().test, "text");
  REQUIRE(logits.isfinite().all().item<bool>());
  REQUIRE((logits.argmax(1) == 3).any().item<bool>());  // it competes
}

TEST_CASE("with one image of each class gda takes the scatter from the distances to the texts", "[heads]") {
  const Support single = one_image_each();
  const torch::Tensor centred = single.images - single.images.mean(0);
  const torch::Tensor texts = single.text - single.text.mean(0);
  const torch::Tensor distances = centred - texts * ((centred * texts).sum() / texts.square().sum());
  const torch::Tensor scatter = distances.t().mm(distances);
  const torch::Tensor inverse = torch::linalg_inv(scatter + scatter.trace() / 4 * torch::eye(32, torch::kDouble)) * 32;
  const torch::Tensor noise = inverse.mm(scatter / 4).trace() * 0.5;
  const torch::Tensor query = small_problem().test;
  const torch::Tensor square = single.images.mm(inverse).mul(single.images).sum(1) * 0.5;
  const torch::Tensor expected = query.mm(inverse).mm(single.images.t()) - square + noise;
  REQUIRE(largest_difference(discriminant_of(single, query, "none"), expected) < 1e-8);
  const torch::Tensor accuracy =
      (discriminant_of(single, query, "text").argmax(1) == small_problem().test_labels).to(torch::kDouble).mean();
  REQUIRE(accuracy.item<double>() > 0.4);  // chance is 0.2
}

TEST_CASE("gda lets the host train where leaving one out is not exact", "[heads]") {
  const Support support = small_problem().support;
  const auto left_out = [](const Support& of, const char* prior) {
    const auto plugin = make_plugin(trefoil::PluginKind::head, "gda", {{"prior", std::string(prior)}}, 1);
    return dynamic_cast<const trefoil::Head&>(*plugin).leave_one_out(relate("zero_shot", of, kEvery), of, kEvery);
  };
  REQUIRE(left_out(support, "none").defined());
  REQUIRE_FALSE(left_out(support, "text").defined());
  REQUIRE_FALSE(left_out(one_image_each(), "none").defined());
  Support one_pair = one_image_each();
  one_pair.images = torch::cat({one_pair.images, support.images.slice(0, 1, 2)});
  one_pair.labels = torch::cat({one_pair.labels, torch::zeros({1}, torch::kLong)});
  REQUIRE_FALSE(left_out(one_pair, "none").defined());
}
