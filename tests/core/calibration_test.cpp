#include "pipeline/calibration.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <set>

#include "formats/array.h"
#include "pipeline/classify.h"
#include "pipeline/metrics.h"
#include "report/reliability_chart.h"
#include "support/catch.h"
#include "support/observer.h"
#include "support/plugins.h"
#include "support/problem.h"

using namespace tests;
using namespace trefoil::pipeline;

namespace {

Metrics metrics_of(const torch::Tensor& logits, const torch::Tensor& labels) {
  Metrics metrics(logits.size(1));
  const auto top = rank(logits);
  const auto likelihood = likelihoods(logits, labels);
  for (std::size_t i = 0; i < top.size(); ++i) {
    metrics.add(static_cast<std::int64_t>(i), labels[static_cast<std::int64_t>(i)].item<std::int64_t>(), top[i],
                likelihood[i]);
  }
  return metrics;
}

// 200 queries and 7 classes, with probabilities that say little about the labels.
torch::Tensor some_logits() { return normal_numbers({200, 7}, 7).to(torch::kFloat) * 2; }
torch::Tensor some_labels() { return (torch::arange(200, torch::kLong) * 5).remainder(7); }

// Classifies 3,000 queries by the texts of the small problem. The images of `unreadable` could not be read.
Metrics classified(int threads, const std::set<std::int64_t>& unreadable) {
  const trefoil::Support support = to(small_problem().support, torch::kFloat);
  trefoil::Classifier classifier;
  classifier.text = support.text;
  classifier.logit_scale = 20;
  torch::Tensor features = normal_numbers({3000, 32}, 5).to(torch::kFloat);
  for (const std::int64_t row : unreadable) features[row] = 0;
  const torch::Tensor labels = torch::arange(3000, torch::kLong).remainder(5);
  const trefoil::data::Queries queries(trefoil::formats::array_of(features), "features",
                                       trefoil::formats::array_of(labels), "labels", 32, 5, {{}, {}, unreadable, {}});
  Metrics metrics(5);
  QuietObserver observer;
  const auto count = [&](const ClassifiedBlock& block) {
    for (std::size_t i = 0; i < block.top.size(); ++i) {
      const std::int64_t query = block.first + static_cast<std::int64_t>(i);
      metrics.add(query, query % 5, block.top[i], block.likelihood[i]);
    }
  };
  classify(queries, {trefoil::Adapted{classifier, {}}}, "test", {torch::kCPU, threads}, observer, {count});
  return metrics;
}

}  // namespace

TEST_CASE("the number of threads does not change a bit of the calibration", "[pipeline]") {
  const Metrics one = classified(1, {});
  const Metrics three = classified(3, {});
  REQUIRE(one.calibration().queries() == 3000);
  REQUIRE(*one.calibration().error() == *three.calibration().error());
  REQUIRE(*one.calibration().loss() == *three.calibration().loss());
}

TEST_CASE("images that could not be read count in the accuracy and not in the calibration", "[pipeline]") {
  const Metrics metrics = classified(2, {0, 7, 2999});
  REQUIRE(metrics.queries() == 3000);
  REQUIRE(metrics.calibration().queries() == 2997);
}

TEST_CASE("a likelihood has the probability of the best class and −log p of the right one", "[pipeline]") {
  // The logits are logarithms, so that the softmax is 1/8, 5/8, 2/8.
  const torch::Tensor logits = torch::tensor({1.0, 5.0, 2.0}, torch::kDouble).log().view({1, 3}).repeat({3, 1});
  const auto likelihood = likelihoods(logits, torch::arange(3, torch::kLong));
  for (const Likelihood& one : likelihood) REQUIRE(one.confidence == Approx(0.625));
  REQUIRE(likelihood[0].loss == Approx(std::log(8)));
  REQUIRE(likelihood[1].loss == Approx(std::log(1.6)));
  REQUIRE(likelihood[2].loss == Approx(std::log(4)));
}

TEST_CASE("likelihoods of large logits are finite, and small losses keep their digits", "[pipeline]") {
  const torch::Tensor logits = torch::tensor({1e38, -1e38, 1e38, 1e38, 30.0, 18.0}, torch::kFloat).view({3, 2});
  const auto likelihood = likelihoods(logits, torch::tensor({0, 0, 0}, torch::kLong));
  REQUIRE(likelihood[0].confidence == 1);
  REQUIRE(likelihood[0].loss == 0);
  REQUIRE(likelihood[1].loss == Approx(std::log(2)));
  REQUIRE(likelihood[2].loss == Approx(std::log1p(std::exp(-12))).epsilon(0.02));
  REQUIRE(likelihoods(logits, torch::tensor({1, 0, 0}, torch::kLong))[0].loss == Approx(2e38));
}

TEST_CASE("the expected calibration error of a small case", "[pipeline]") {
  Calibration calibration;
  calibration.add({0.50, 0.5}, true);  // bin 7: 1 of 2 right, mean confidence 0.51
  calibration.add({0.52, 1.5}, false);
  calibration.add({0.90, 0.1}, true);  // bin 13: 2 of 2 right, mean confidence 0.91
  calibration.add({0.92, 0.3}, true);
  REQUIRE(*calibration.error() == Approx(100 * (2 * 0.01 + 2 * 0.09) / 4));
  REQUIRE(*calibration.loss() == Approx(0.6));
  REQUIRE(calibration.bins()[7].queries == 2);
  REQUIRE(calibration.bins()[13].right == 2);
}

TEST_CASE("a bin includes its upper border and not its lower one", "[pipeline]") {
  for (std::size_t k = 1; k <= Calibration::kBins; ++k) {
    Calibration calibration;
    const double border = static_cast<double>(k) / 15;
    calibration.add({border, 0}, true);
    CAPTURE(k);
    REQUIRE(calibration.bins()[k - 1].queries == 1);
    if (k == Calibration::kBins) continue;
    calibration.add({std::nextafter(border, 1.0) + 1e-15, 0}, true);
    REQUIRE(calibration.bins()[k].queries == 1);
  }
}

TEST_CASE("probabilities that are as often right as they say have no calibration error", "[pipeline]") {
  Calibration calibration;
  for (int i = 0; i < 10; ++i) calibration.add({0.6, 0}, i < 6);
  for (int i = 0; i < 4; ++i) calibration.add({0.75, 0}, i < 3);
  REQUIRE(*calibration.error() == Approx(0).margin(1e-12));
}

TEST_CASE("without queries there is no calibration error", "[pipeline]") {
  REQUIRE_FALSE(Calibration().error());
  REQUIRE_FALSE(Calibration().loss());
}

TEST_CASE("−log p is the cross-entropy", "[pipeline]") {
  const torch::Tensor logits = some_logits();
  const torch::Tensor labels = some_labels();
  const double expected = torch::cross_entropy_loss(logits.to(torch::kDouble), labels).item<double>();
  REQUIRE(*metrics_of(logits, labels).calibration().loss() == Approx(expected).epsilon(1e-6));
  REQUIRE(*metrics_of(logits.to(torch::kDouble), labels).calibration().loss() == Approx(expected).epsilon(1e-12));
}

TEST_CASE("the scale of the logits changes the calibration and not the accuracy", "[pipeline]") {
  const torch::Tensor logits = some_logits();
  const Metrics plain = metrics_of(logits, some_labels());
  const Metrics sharper = metrics_of(logits * 4, some_labels());
  REQUIRE(sharper.top1() == plain.top1());
  REQUIRE(*sharper.calibration().error() > *plain.calibration().error() + 5);
  const Metrics shifted = metrics_of(logits + 3, some_labels());
  REQUIRE(*shifted.calibration().error() == Approx(*plain.calibration().error()).epsilon(1e-4));
}

TEST_CASE("the order of the queries changes nothing", "[pipeline]") {
  const torch::Tensor order = (torch::arange(200, torch::kLong) * 77).remainder(200);
  const Calibration a = metrics_of(some_logits(), some_labels()).calibration();
  const Calibration b =
      metrics_of(some_logits().index_select(0, order), some_labels().index_select(0, order)).calibration();
  REQUIRE(*a.error() == Approx(*b.error()).epsilon(1e-12));
  REQUIRE(*a.loss() == Approx(*b.loss()).epsilon(1e-12));
}

TEST_CASE("the reliability chart has two bars for each bin with queries", "[results]") {
  Calibration calibration;
  calibration.add({0.5, 0}, true);
  calibration.add({0.5, 0}, false);
  calibration.add({1.0, 0}, true);
  const std::string svg = trefoil::report::reliability_chart(calibration);
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++found;
    return found;
  };
  REQUIRE(count("class=\"kept\"") == 2);
  REQUIRE(count("class=\"dropped\"") == 2);
  REQUIRE_THAT(svg, ContainsSubstring("probability 46.7 % to 53.3 %: 2 queries, 50.00 % right"));
  REQUIRE_THAT(svg, ContainsSubstring(">67</text>"));  // share of the queries in the first of the two bins
  REQUIRE_NOTHROW(trefoil::report::reliability_chart(Calibration()));
}

TEST_CASE("a temperature divides the logits of every classifier", "[calibration]") {
  const trefoil::Support support = to(small_problem().support, torch::kFloat);
  trefoil::Classifier classifier = relate("tip", support, first_channels(support, 32));
  classifier.bias = torch::arange(5, torch::kFloat) / 10;
  trefoil::Classifier custom = classifier;
  custom.custom_logits = [](const trefoil::Classifier& self, const torch::Tensor& query) {
    return query.mm(self.text.t());
  };
  const trefoil::Classifier dense = relate("kernel_ridge", support, first_channels(support, 32));
  const torch::Tensor query = small_problem().test.to(torch::kFloat);
  for (const trefoil::Classifier& each : {classifier, custom, dense}) {
    REQUIRE(near(with_temperature(each, 1.6).logits(query), each.logits(query) / 1.6, 1e-5));
  }
}
