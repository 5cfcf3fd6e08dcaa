// The search: kernel against plain evaluation, the exact α, the rule that takes a point, and what is left out.
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "search/exact_alpha.h"
#include "search/judge.h"
#include "search/leave_out.h"
#include "search/rule.h"
#include "search/strengths.h"
#include "search/whole_logits.h"
#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"
#include "trefoil/head.h"

using namespace tests;
using namespace trefoil::search;
using trefoil::Classifier;

namespace {

const Progress kSilent = [](std::int64_t, std::int64_t) {};

std::shared_ptr<const trefoil::data::Queries> queries_of(const torch::Tensor& features, const torch::Tensor& labels,
                                                         std::int64_t classes) {
  const std::shared_ptr<const trefoil::formats::Array> rows = trefoil::formats::array_of(features.to(torch::kFloat));
  const std::shared_ptr<const trefoil::formats::Array> truth = trefoil::formats::array_of(labels);
  return std::make_shared<trefoil::data::Queries>(rows, "rows", truth, "labels", features.size(1), classes);
}

// Classes of 4, 3, 1, 0 and 2 shots, in 20 of 32 channels.
Classifier ragged_classifier() {
  const trefoil::Support support = to(ragged_support(), torch::kFloat);
  return relate("ape", support, trefoil::keep_best(score("mixed", support), 20));
}

Trial validation_trial(const Classifier& classifier) {
  const SmallProblem problem = small_problem();
  return {classifier, "test", queries_of(problem.validation, problem.validation_labels, 5), {}, {}, {}};
}

Trial left_out_trial(const Classifier& classifier, double gain) {
  const trefoil::Support support = to(ragged_support(), torch::kFloat);
  Trial trial{classifier, "test", queries_of(support.images, support.labels, 5), {}, {}, {}};
  trial.own_key = torch::arange(10);
  trial.own_gain = torch::full({10}, gain);
  return trial;
}

// The losses of a trial by the formula, query by query, in float64, with masks written out.
torch::Tensor plain_losses(const Trial& trial, double alpha, double beta, double gamma, Metric metric) {
  const Classifier& c = trial.classifier;
  const trefoil::data::QueryBlock block = trial.queries->read(0, trial.queries->count());
  const torch::Tensor f = block.features.to(torch::kDouble);
  const torch::Tensor kept = c.renormalise ? trefoil::unit_rows(f.index_select(1, c.channels)) : f;
  torch::Tensor affinity = ((kept.mm(c.keys.to(torch::kDouble).t()) - 1) * beta).exp();
  affinity = affinity * (c.divergence.to(torch::kDouble) * gamma).exp();
  if (trial.own_key.defined()) affinity.scatter_(1, trial.own_key.unsqueeze(1), 0);
  torch::Tensor evidence = affinity.mm(torch::eye(5, torch::kDouble).index_select(0, c.labels));
  const torch::Tensor own = block.labels.unsqueeze(1);
  if (trial.own_gain.defined()) {
    evidence.scatter_(1, own, evidence.gather(1, own) * trial.own_gain.to(torch::kDouble).unsqueeze(1));
  }
  const torch::Tensor logits = f.mm(c.text.to(torch::kDouble).t()) * c.logit_scale + evidence * alpha;
  const torch::Tensor p = logits.softmax(1);
  if (metric == Metric::accuracy) return (logits.argmax(1) != block.labels).to(torch::kDouble);
  if (metric == Metric::nll) return -p.gather(1, own).squeeze(1).log();
  return (p - torch::eye(5, torch::kDouble).index_select(0, block.labels)).square().sum(1);
}

const Grid kGrid = {{0.5, 3, 9}, {0, 0.4}, {0.1, 0.7, 2, 5, 11, 40}};

double difference(const std::vector<float>& ours, const torch::Tensor& theirs) {
  double largest = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double expected = theirs[static_cast<std::int64_t>(i)].item<double>();
    largest = std::max(largest, std::abs(static_cast<double>(ours[i]) - expected));
  }
  return largest;
}

}  // namespace

TEST_CASE("the kernel's surface is the sum of the formula's losses", "[search]") {
  for (const Metric metric : {Metric::brier, Metric::nll, Metric::accuracy}) {
    for (const Trial& trial : {validation_trial(ragged_classifier()), left_out_trial(ragged_classifier(), 1.5)}) {
      const Kernel kernel(trial, 2);
      const Surface surface = kernel.surface(kGrid, metric, {}, kSilent);
      REQUIRE(surface.queries == trial.queries->count());
      for (std::size_t point = 0; point < kGrid.points(); ++point) {
        const double expected =
            plain_losses(trial, kGrid.alpha(point), kGrid.beta(point), kGrid.gamma(point), metric).sum().item<double>();
        CAPTURE(point, static_cast<int>(metric));
        REQUIRE(std::abs(surface.loss[point] - expected) < 1e-3);
      }
      const torch::Tensor plain = plain_losses(trial, 2, 3, 0.4, metric);
      REQUIRE(difference(kernel.losses(2, 3, 0.4, metric), plain) < 1e-4);
    }
  }
}

TEST_CASE("threads do not change a sum", "[search]") {
  const SmallProblem problem = small_problem();
  const torch::Tensor many = torch::cat({problem.validation, problem.test, problem.validation, problem.test});
  const torch::Tensor labels =
      torch::cat({problem.validation_labels, problem.test_labels, problem.validation_labels, problem.test_labels});
  const Trial trial{ragged_classifier(), "test", queries_of(many, labels, 5), {}, {}, {}};
  const Surface one = Kernel(trial, 1).surface(kGrid, Metric::nll, {}, kSilent);
  REQUIRE(one.loss == Kernel(trial, 3).surface(kGrid, Metric::nll, {}, kSilent).loss);
}

TEST_CASE("differences from a reference are those of the losses", "[search]") {
  const Trial trial = left_out_trial(ragged_classifier(), 1);
  for (const Metric metric : {Metric::brier, Metric::accuracy}) {
    const Kernel kernel(trial, 1);
    const std::vector<float> reference = kernel.losses(0.7, 9, 0, metric);
    const Surface surface = kernel.surface(kGrid, metric, reference, kSilent);
    for (std::size_t point = 0; point < kGrid.points(); ++point) {
      const std::vector<float> losses =
          kernel.losses(kGrid.alpha(point), kGrid.beta(point), kGrid.gamma(point), metric);
      double squares = 0;
      for (std::size_t i = 0; i < losses.size(); ++i) squares += std::pow(losses[i] - reference[i], 2);
      REQUIRE(surface.difference[point] == Approx(squares).margin(1e-6));
    }
  }
}

TEST_CASE("a classifier that gives logits only is judged the same, slower", "[search]") {
  const Classifier plain = ragged_classifier();
  Classifier custom = plain;
  custom.custom_logits = [plain](const Classifier& self, const torch::Tensor& query) {
    Classifier same = plain;
    same.alpha = self.alpha;
    same.beta = self.beta;
    same.gamma = self.gamma;
    return same.logits(query);
  };
  const std::vector<Trial> ours = {validation_trial(plain)};
  const std::vector<Trial> theirs = {validation_trial(custom)};
  for (const Metric metric : {Metric::brier, Metric::nll, Metric::accuracy}) {
    const Surface fast = Judge(ours, metric, 2).surface(kGrid, {}, kSilent);
    const Surface slow = Judge(theirs, metric, 2).surface(kGrid, {}, kSilent);
    for (std::size_t point = 0; point < kGrid.points(); ++point) {
      REQUIRE(fast.loss[point] == Approx(slow.loss[point]).margin(1e-3));
    }
  }
}

TEST_CASE("the exact alpha is the middle of the widest interval with most right", "[search]") {
  const float infinity = std::numeric_limits<float>::infinity();
  REQUIRE(most_right_alpha({{1, 3}, {2, 6}, {-infinity, 8}}, 0, 10) == 2.5);
  REQUIRE(most_right_alpha({{1, 2}, {2, 4}}, 0, 10) == 3);           // the wider; not 2, where they meet
  REQUIRE(most_right_alpha({{1, 2}, {5, infinity}}, 0, 10) == 7.5);  // equal counts: the wider
  REQUIRE(most_right_alpha({}, 2, 4) == 3);
  REQUIRE(most_right_alpha({{5, 5}}, 2, 4) == 3);  // never right
}

TEST_CASE("no alpha of a fine scan is better than the exact one", "[search]") {
  const std::vector<Trial> trials = {validation_trial(ragged_classifier())};
  const Judge judge(trials, Metric::accuracy, 1);
  trefoil::config::SearchAxis axis;
  axis.key = "relation.alpha";
  axis.values = {0.01, 30};
  axis.exact = true;
  const StrengthSearch exact =
      search_strengths(judge, {axis, {}, {}}, {1, 3, 0.2}, {false, 0}, Metric::accuracy, kSilent);
  Grid scan = {{3}, {0.2}, {}};
  for (int i = 1; i <= 30000; ++i) scan.alphas.push_back(0.001 * i);
  const Surface surface = judge.surface(scan, {}, kSilent);
  REQUIRE(exact.surface.loss[exact.best] == *std::min_element(surface.loss.begin(), surface.loss.end()));
}

TEST_CASE("smooth losses are brought to their minimum", "[search]") {
  REQUIRE(least_loss_alpha([](double x) { return (x - 3) * (x - 3); }, 0, 10) == Approx(3).margin(1e-4));
  Classifier classifier = ragged_classifier();
  classifier.logit_scale = 10;  // a text this weak leaves something to the images
  const std::vector<Trial> trials = {validation_trial(classifier)};
  const Judge judge(trials, Metric::nll, 1);
  trefoil::config::SearchAxis axis;
  axis.values = {0.01, 32};
  axis.logarithmic = true;
  axis.exact = true;
  const StrengthSearch found = search_strengths(judge, {axis, {}, {}}, {1, 3, 0.2}, {false, 0}, Metric::nll, kSilent);
  const double best = found.grid.alpha(found.best);
  const auto sum = [&](double alpha) {
    double total = 0;
    for (const float loss : judge.losses(alpha, 3, 0.2)) total += static_cast<double>(loss);
    return total;
  };
  REQUIRE(sum(best) <= sum(best * 1.05));
  REQUIRE(sum(best) <= sum(best * 0.95));
}

TEST_CASE("of equals the first, or the middle of the longest run", "[search]") {
  const Grid grid = {{1, 2}, {0, 1}, {1, 2, 3, 4, 5}};
  Surface surface{10, std::vector<double>(20, 5), {}};
  surface.loss[12] = surface.loss[13] = surface.loss[14] = 1;  // β = 2, γ = 0, α = 3, 4, 5
  surface.loss[9] = 1;                                         // β = 1, γ = 1, α = 5
  REQUIRE(best_point(grid, surface, {true, 1}) == 9);
  REQUIRE(best_point(grid, surface, {false, 1}) == 13);
  surface.loss[3] = 1;  // β = 1, γ = 0, α = 4: before α = 5, whatever γ
  REQUIRE(best_point(grid, surface, {true, 1}) == 3);
}

TEST_CASE("what cannot be told from the best gives way to what is near the start", "[search]") {
  // Means 0.1, 0.105, 0.11 and 0.3; of the differences the standard errors 0, 0.0199, 0.0099 and 0.0346. Without taking
  // the mean difference off, the third would be 0.01, and good.
  const Surface surface{100, {10, 10.5, 11, 30}, {0, 4, 1, 16}};
  const auto away = [](std::size_t point) { return 3.0 - static_cast<double>(point); };
  const Taken taken = nearest_of_the_good(surface, 0.1, {false, 1}, away);
  REQUIRE(taken.good == std::vector<bool>{true, true, false, false});
  REQUIRE(*taken.point == 1);
  REQUIRE(taken.distance == 2);
  REQUIRE(*nearest_of_the_good(surface, 0.1, {false, 0}, away).point == 0);
  REQUIRE(!nearest_of_the_good(surface, 0.05, {false, 1}, away).point);
}

TEST_CASE("folds leave out one image of every class that has another", "[search]") {
  const trefoil::Support support = ragged_support();  // 4, 3, 1, 0 and 2 shots
  const auto parts = folds(support);
  REQUIRE(parts == std::vector<std::vector<std::int64_t>>{{0, 4, 8}, {1, 5, 9}, {2, 6}, {3}});
  const trefoil::Support rest = without(support, parts[0]);
  REQUIRE(rest.labels.equal(torch::tensor({0, 0, 0, 1, 1, 2, 4}, torch::kLong)));
  REQUIRE(rest.images[0].equal(support.images[1]));
  trefoil::Support single = without(support, {1, 2, 3, 5, 6, 9});
  REQUIRE(folds(single).empty());
  // Estimated images are no images to be judged by.
  REQUIRE(folds(support, torch::tensor({1, 0, 0, 0, 0}, torch::kLong).to(torch::kBool)) ==
          std::vector<std::vector<std::int64_t>>{{4, 8}, {5, 9}, {6}});
}

TEST_CASE("gda knows without training anew what it says of an image that it has not seen", "[search]") {
  const trefoil::Support support = ragged_support();
  const trefoil::Channels all = trefoil::keep_best(torch::ones({32}), 32);
  const Classifier start = relate("zero_shot", support, all);
  const auto plugin = make_plugin(trefoil::PluginKind::head, "gda", {{"alpha", 0.5}}, 1);
  const auto& gda = dynamic_cast<const trefoil::Head&>(*plugin);
  const torch::Tensor fast = gda.leave_one_out(start, support, all);
  // Class 3 has no images: its mean is filled in from its text by the others' means, which the fast way does not redo.
  const torch::Tensor others = torch::tensor({0, 1, 2, 4}, torch::kLong);
  for (const std::int64_t row : {0, 2, 4, 6, 8, 9}) {
    const trefoil::Support rest = without(support, {row});
    const Classifier trained = gda.train(relate("zero_shot", rest, all), rest, all);
    const torch::Tensor slow = trained.logits(support.images.slice(0, row, row + 1))[0];
    CAPTURE(row);
    REQUIRE((fast[row] - slow).index_select(0, others).abs().max().item<double>() < 1e-8);
  }
}
