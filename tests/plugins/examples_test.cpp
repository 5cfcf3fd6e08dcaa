// Plugins that are not part of the published method, compared with simple implementations of their formulas.
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/head.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Support;

namespace {

bool relatively_near(const torch::Tensor& a, const torch::Tensor& b, double tolerance) {
  return (a - b).abs().max().item<double>() <= tolerance * b.abs().max().item<double>();
}

double number_at(const torch::Tensor& table, std::int64_t row, std::int64_t column) {
  return table[row][column].item<double>();
}

// Σ over images and classes, channel by channel.
torch::Tensor plain_fisher(const Support& support, double shrinkage) {
  const std::int64_t width = support.width();
  torch::Tensor between = torch::zeros({width}, torch::kDouble);
  torch::Tensor within = torch::zeros({width}, torch::kDouble);
  for (std::int64_t d = 0; d < width; ++d) {
    double classes = 0;
    double all = 0;
    for (std::int64_t m = 0; m < support.image_count(); ++m) all += number_at(support.images, m, d);
    all /= static_cast<double>(support.image_count());
    for (std::int64_t c = 0; c < support.class_count(); ++c) {
      double count = 0;
      double mean = 0;
      for (std::int64_t m = 0; m < support.image_count(); ++m) {
        if (support.labels[m].item<std::int64_t>() != c) continue;
        mean += number_at(support.images, m, d);
        ++count;
      }
      if (count == 0) continue;
      mean /= count;
      ++classes;
      between[d] += count * (mean - all) * (mean - all);
      for (std::int64_t m = 0; m < support.image_count(); ++m) {
        if (support.labels[m].item<std::int64_t>() == c)
          within[d] += std::pow(number_at(support.images, m, d) - mean, 2);
      }
    }
    between[d] /= classes - 1;
    within[d] /= static_cast<double>(support.image_count()) - classes;
  }
  return between / (within + shrinkage * within.mean() + 1e-12);
}

double correlation(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor x = a - a.mean();
  const torch::Tensor y = b - b.mean();
  return (x * y).sum().item<double>() / (x.norm() * y.norm()).item<double>();
}

// Chooses channels one by one, and computes all correlations again for each choice.
torch::Tensor plain_mrmr(const Support& support, double redundancy) {
  const std::int64_t width = support.width();
  const torch::Tensor rows = torch::cat({support.text, support.images});
  const torch::Tensor variance = support.text.var(0, false);
  std::vector<std::int64_t> taken;
  torch::Tensor score = torch::zeros({width}, torch::kDouble);
  while (static_cast<std::int64_t>(taken.size()) < width) {
    std::int64_t best = -1;
    double most = -std::numeric_limits<double>::infinity();
    for (std::int64_t d = 0; d < width; ++d) {
      if (std::find(taken.begin(), taken.end(), d) != taken.end()) continue;
      double repeated = 0;
      for (const std::int64_t t : taken) repeated += std::abs(correlation(rows.select(1, d), rows.select(1, t)));
      if (!taken.empty()) repeated /= static_cast<double>(taken.size());
      const double worth = (variance[d] / variance.max()).item<double>() - redundancy * repeated;
      if (worth > most) {
        most = worth;
        best = d;
      }
    }
    score[best] = width - static_cast<std::int64_t>(taken.size());
    taken.push_back(best);
  }
  return score;
}

torch::Tensor dropout_text(const Classifier& start, const Support& support, Overrides overrides,
                           std::uint64_t seed = 1) {
  const auto head = make_plugin(trefoil::PluginKind::head, "dropout", std::move(overrides), seed);
  return dynamic_cast<const trefoil::Head&>(*head).train(start, support, first_channels(support, support.width())).text;
}

// Mean cross-entropy of the support images.
double loss(const torch::Tensor& text, double scale, const Support& support) {
  const torch::Tensor logits = support.images.matmul(text.t()) * scale;
  return -logits.log_softmax(1).gather(1, support.labels.unsqueeze(1)).mean().item<double>();
}

}  // namespace

TEST_CASE("fisher is the ratio of variances, with classes of any number of images", "[selectors]") {
  for (const Support& support : {small_problem().support, ragged_support()}) {
    for (const double shrinkage : {0.0, 1.0})
      REQUIRE(relatively_near(score("fisher", support, {{"shrinkage", shrinkage}}), plain_fisher(support, shrinkage),
                              1e-9));
  }
}

TEST_CASE("fisher does not change with the scale of a channel without shrinkage", "[selectors]") {
  Support support = small_problem().support;
  const torch::Tensor before = score("fisher", support, {{"shrinkage", 0.0}});
  support.images = support.images.clone();
  support.images.select(1, 3).mul_(5);
  REQUIRE(relatively_near(score("fisher", support, {{"shrinkage", 0.0}}), before, 1e-6));
}

TEST_CASE("mrmr takes channels in the order of the greedy rule", "[selectors]") {
  for (const double redundancy : {0.0, 0.5, 2.0}) {
    const Support support = ragged_support();
    REQUIRE(score("mrmr", support, {{"redundancy", redundancy}}).equal(plain_mrmr(support, redundancy)));
  }
}

TEST_CASE("mrmr does not take a copy of the best channel second, unless repeating costs nothing", "[selectors]") {
  Support support = small_problem().support;
  const auto best = score("mrmr", support).argmax().item<std::int64_t>();
  const std::int64_t copy = best == 0 ? 1 : 0;
  support.text.select(1, copy).copy_(support.text.select(1, best));
  support.images.select(1, copy).copy_(support.images.select(1, best));
  const auto later_of_both = [&](double redundancy) {
    const torch::Tensor scores = score("mrmr", support, {{"redundancy", redundancy}});
    return std::min(scores[copy].item<double>(), scores[best].item<double>());
  };
  const auto second = static_cast<double>(support.width() - 1);
  REQUIRE(later_of_both(0) == second);
  REQUIRE(later_of_both(2) < second);
}

TEST_CASE("power is its formula", "[relations]") {
  const SmallProblem problem = small_problem();
  const Support& support = problem.support;
  const trefoil::Channels channels = trefoil::keep_best(score("mixed", support), 12);
  const Classifier classifier = relate("power", support, channels, {{"alpha", 2.0}, {"beta", 3.0}});
  const torch::Tensor keys = trefoil::unit_rows(trefoil::restrict_to(support.images, channels));
  const torch::Tensor query = trefoil::unit_rows(trefoil::restrict_to(problem.test, channels));
  torch::Tensor expected = problem.test.matmul(support.text.t()) * 100;
  for (std::int64_t n = 0; n < query.size(0); ++n) {
    for (std::int64_t m = 0; m < keys.size(0); ++m) {
      const double cosine = (query[n] * keys[m]).sum().item<double>();
      expected[n][support.labels[m]] += 2.0 * std::pow((1 + cosine) / 2, 3.0);
    }
  }
  REQUIRE(relatively_near(classifier.logits(problem.test), expected, 1e-12));
}

TEST_CASE("a step of dropout without dropout goes down the gradient of the loss", "[heads]") {
  const Support support = ragged_support();
  Classifier start;
  start.text = support.text;
  start.logit_scale = 10;
  const double lr = 1e-3;
  const torch::Tensor step =
      (start.text - dropout_text(start, support, {{"rate", 0.0}, {"epochs", std::int64_t{1}}, {"lr", lr}})) / lr;
  for (const auto& [c, d] : {std::pair<std::int64_t, std::int64_t>{0, 0}, {1, 7}, {3, 31}, {4, 2}}) {
    constexpr double kSmall = 1e-5;
    torch::Tensor more = start.text.clone();
    torch::Tensor less = start.text.clone();
    more[c][d] += kSmall;
    less[c][d] -= kSmall;
    const double slope = (loss(more, 10, support) - loss(less, 10, support)) / (2 * kSmall);
    REQUIRE(number_at(step, c, d) == Approx(slope).epsilon(1e-5));
  }
}

TEST_CASE("dropout learns the support, and its seed decides what is missing", "[heads]") {
  const Support support = small_problem().support;
  Classifier start;
  start.text = support.text;
  const torch::Tensor trained = dropout_text(start, support, {});
  REQUIRE(loss(trained, 100, support) < loss(start.text, 100, support));
  REQUIRE(dropout_text(start, support, {}).equal(trained));
  REQUIRE_FALSE(dropout_text(start, support, {}, 2).equal(trained));
  REQUIRE(start.text.equal(small_problem().support.text));
}
