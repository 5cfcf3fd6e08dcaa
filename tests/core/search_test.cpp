// The search: the kernel against a plain evaluation, the exact α, the selection of a point, and the folds.
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <cmath>

#include "search/cache_hyperparameters.h"
#include "search/folds.h"
#include "search/head_choice.h"
#include "search/held_out.h"
#include "search/loss_evaluator.h"
#include "search/race.h"
#include "search/selection.h"
#include "search/temperature.h"
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

HeldOut validation_set(const Classifier& classifier) {
  const SmallProblem problem = small_problem();
  return {classifier, "test", queries_of(problem.validation, problem.validation_labels, 5), {}, {}, {}};
}

HeldOut left_out_set(const Classifier& classifier, double gain) {
  const trefoil::Support support = to(ragged_support(), torch::kFloat);
  HeldOut set{classifier, "test", queries_of(support.images, support.labels, 5), {}, {}, {}};
  set.own_key = torch::arange(10);
  set.own_gain = torch::full({10}, gain);
  return set;
}

// The losses [N] of a held-out set by the formula, in float64 and with explicit masks.
torch::Tensor plain_losses(const HeldOut& set, double alpha, double beta, double gamma, Metric metric) {
  const Classifier& c = set.classifier;
  const trefoil::data::QueryBlock block = set.queries->read(0, set.queries->count());
  const torch::Tensor f = block.features.to(torch::kDouble);
  const torch::Tensor kept = c.renormalise ? trefoil::unit_rows(f.index_select(1, c.channels)) : f;
  torch::Tensor affinity = ((kept.mm(c.keys.to(torch::kDouble).t()) - 1) * beta).exp();
  affinity = affinity * (c.divergence.to(torch::kDouble) * gamma).exp();
  if (set.own_key.defined()) affinity.scatter_(1, set.own_key.unsqueeze(1), 0);
  torch::Tensor cache_logits = affinity.mm(torch::eye(5, torch::kDouble).index_select(0, c.labels));
  const torch::Tensor own = block.labels.unsqueeze(1);
  if (set.own_gain.defined()) {
    cache_logits.scatter_(1, own, cache_logits.gather(1, own) * set.own_gain.to(torch::kDouble).unsqueeze(1));
  }
  const torch::Tensor logits = f.mm(c.text.to(torch::kDouble).t()) * c.logit_scale + cache_logits * alpha;
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

TEST_CASE("the kernel adds up the losses of the formula", "[search]") {
  for (const Metric metric : {Metric::brier, Metric::nll, Metric::accuracy}) {
    for (const HeldOut& set : {validation_set(ragged_classifier()), left_out_set(ragged_classifier(), 1.5)}) {
      const Kernel kernel(set, 2);
      const LossGrid losses = kernel.loss_grid(kGrid, metric, {}, kSilent);
      REQUIRE(losses.queries == set.queries->count());
      for (std::size_t point = 0; point < kGrid.points(); ++point) {
        const double expected =
            plain_losses(set, kGrid.alpha(point), kGrid.beta(point), kGrid.gamma(point), metric).sum().item<double>();
        CAPTURE(point, static_cast<int>(metric));
        REQUIRE(std::abs(losses.loss_sums[point] - expected) < 1e-3);
      }
      const torch::Tensor plain = plain_losses(set, 2, 3, 0.4, metric);
      REQUIRE(difference(kernel.losses(2, 3, 0.4, metric), plain) < 1e-4);
    }
  }
}

// Even steps of α use the products of exponentials, other values do not.
TEST_CASE("evenly spaced values of α get the losses of the formula", "[search]") {
  const HeldOut set = left_out_set(ragged_classifier(), 1.5);
  for (const double step : {0.05, 1.0, 6.0}) {  // the last is too steep for products
    Grid grid = {{0.5, 9}, {0, 0.4}, {}};
    for (int i = 0; i < 19; ++i) grid.alphas.push_back(0.3 + step * i);
    for (const Metric metric : {Metric::brier, Metric::nll}) {
      const LossGrid losses = Kernel(set, 2).loss_grid(grid, metric, {}, kSilent);
      for (std::size_t point = 0; point < grid.points(); ++point) {
        const double expected =
            plain_losses(set, grid.alpha(point), grid.beta(point), grid.gamma(point), metric).sum().item<double>();
        CAPTURE(step, point, static_cast<int>(metric), expected);
        REQUIRE(std::abs(losses.loss_sums[point] - expected) < 1e-4 * std::max(1.0, expected));
      }
    }
  }
}

TEST_CASE("the number of threads changes no sum", "[search]") {
  const SmallProblem problem = small_problem();
  const torch::Tensor many = torch::cat({problem.validation, problem.test, problem.validation, problem.test});
  const torch::Tensor labels =
      torch::cat({problem.validation_labels, problem.test_labels, problem.validation_labels, problem.test_labels});
  const HeldOut set{ragged_classifier(), "test", queries_of(many, labels, 5), {}, {}, {}};
  const LossGrid one = Kernel(set, 1).loss_grid(kGrid, Metric::nll, {}, kSilent);
  REQUIRE(one.loss_sums == Kernel(set, 3).loss_grid(kGrid, Metric::nll, {}, kSilent).loss_sums);
}

TEST_CASE("splitting a grid into parts changes no sum", "[search]") {
  Grid pairs = kGrid;
  pairs.alphas = {0.1, 0.7, 2, 5, 11, 40};  // one for each of the six pairs
  pairs.alpha_of_pair = true;
  const HeldOut set = left_out_set(ragged_classifier(), 1.5);
  for (const Metric metric : {Metric::brier, Metric::accuracy}) {
    const Kernel kernel(set, 2);
    const std::vector<float> reference = kernel.losses(0.7, 9, 0, metric);
    for (const Grid& grid : {kGrid, pairs}) {
      const LossGrid whole = kernel.loss_grid(grid, metric, reference, kSilent);
      for (const std::size_t most_points : {1, 4, 6, 7, 12, 100}) {
        LossGrid joined;
        std::size_t points = 0;
        for (const GridPart& part : parts_of(grid, most_points)) {
          REQUIRE(part.grid.points() <= most_points);
          points += part.grid.points();
          joined.insert(kernel.loss_grid(part.grid, metric, reference, kSilent), part, grid);
        }
        CAPTURE(most_points, static_cast<int>(metric));
        REQUIRE(points == grid.points());
        REQUIRE(joined.queries == whole.queries);
        REQUIRE(joined.loss_sums == whole.loss_sums);
        REQUIRE(joined.squared_differences == whole.squared_differences);
      }
    }
  }
}

TEST_CASE("a grid of more than a million points is evaluated like a small one", "[search]") {
  const HeldOut set = left_out_set(ragged_classifier(), 1);
  Grid large = {{3}, {0.4}, {}};
  for (int i = 0; i < (1 << 20) + 5; ++i) large.alphas.push_back(1e-4 * i);
  const Kernel kernel(set, 2);
  std::int64_t last = 0;
  std::int64_t all = 0;
  const LossGrid losses = kernel.loss_grid(large, Metric::accuracy, {}, [&](std::int64_t done, std::int64_t total) {
    REQUIRE(done >= last);
    last = done;
    all = total;
  });
  REQUIRE(last == all);
  for (const std::size_t point : {std::size_t{0}, std::size_t{1000}, large.points() - 5, large.points() - 1}) {
    double sum = 0;
    for (const float loss : kernel.losses(large.alpha(point), 3, 0.4, Metric::accuracy))
      sum += static_cast<double>(loss);
    REQUIRE(losses.loss_sums[point] == sum);
  }
}

TEST_CASE("a loss grid has the squared differences from the reference", "[search]") {
  const HeldOut set = left_out_set(ragged_classifier(), 1);
  for (const Metric metric : {Metric::brier, Metric::accuracy}) {
    const Kernel kernel(set, 1);
    const std::vector<float> reference = kernel.losses(0.7, 9, 0, metric);
    const LossGrid losses = kernel.loss_grid(kGrid, metric, reference, kSilent);
    for (std::size_t point = 0; point < kGrid.points(); ++point) {
      const std::vector<float> point_losses =
          kernel.losses(kGrid.alpha(point), kGrid.beta(point), kGrid.gamma(point), metric);
      double squares = 0;
      for (std::size_t i = 0; i < point_losses.size(); ++i) squares += std::pow(point_losses[i] - reference[i], 2);
      REQUIRE(losses.squared_differences[point] == Approx(squares).margin(1e-6));
    }
  }
}

TEST_CASE("custom logits and dense values give the same losses as the kernel", "[search]") {
  const Classifier plain = ragged_classifier();
  Classifier dense = plain;
  dense.values = torch::eye(5).index_select(0, plain.labels);
  Classifier custom = plain;
  custom.custom_logits = [plain](const Classifier& self, const torch::Tensor& query) {
    Classifier same = plain;
    same.alpha = self.alpha;
    same.beta = self.beta;
    same.gamma = self.gamma;
    return same.logits(query);
  };
  const std::vector<HeldOut> ours = {validation_set(plain)};
  for (const Classifier& other : {custom, dense}) {
    const std::vector<HeldOut> theirs = {validation_set(other)};
    for (const Metric metric : {Metric::brier, Metric::nll, Metric::accuracy}) {
      const LossGrid fast = LossEvaluator(ours, metric, 2).loss_grid(kGrid, {}, kSilent);
      const LossGrid slow = LossEvaluator(theirs, metric, 2).loss_grid(kGrid, {}, kSilent);
      for (std::size_t point = 0; point < kGrid.points(); ++point) {
        REQUIRE(fast.loss_sums[point] == Approx(slow.loss_sums[point]).margin(1e-3));
      }
    }
  }
}

TEST_CASE("the exact alpha is the middle of the widest interval with most right queries", "[search]") {
  const float infinity = std::numeric_limits<float>::infinity();
  REQUIRE(most_right_alpha({{1, 3}, {2, 6}, {-infinity, 8}}, 0, 10) == 2.5);
  REQUIRE(most_right_alpha({{1, 2}, {2, 4}}, 0, 10) == 3);  // the wider interval; α = 2, where they meet, is in neither
  REQUIRE(most_right_alpha({{1, 2}, {5, infinity}}, 0, 10) == 7.5);  // equal counts: the wider interval
  REQUIRE(most_right_alpha({}, 2, 4) == 3);
  REQUIRE(most_right_alpha({{5, 5}}, 2, 4) == 3);  // never right
}

TEST_CASE("no alpha of a fine scan is better than the exact alpha", "[search]") {
  const std::vector<HeldOut> sets = {validation_set(ragged_classifier())};
  const LossEvaluator evaluator(sets, Metric::accuracy, 1);
  trefoil::config::SearchAxis axis;
  axis.key = "relation.alpha";
  axis.values = {0.01, 30};
  axis.exact = true;
  const CacheHyperparameterSearch exact =
      search_cache_hyperparameters(evaluator, {axis, {}, {}}, {1, 3, 0.2}, {false, 0}, Metric::accuracy, kSilent);
  Grid scan = {{3}, {0.2}, {}};
  for (int i = 1; i <= 30000; ++i) scan.alphas.push_back(0.001 * i);
  const LossGrid losses = evaluator.loss_grid(scan, {}, kSilent);
  REQUIRE(exact.losses.loss_sums[exact.best] == *std::min_element(losses.loss_sums.begin(), losses.loss_sums.end()));
}

TEST_CASE("the exact alpha minimises a smooth loss", "[search]") {
  REQUIRE(lowest_within([](double x) { return (x - 3) * (x - 3); }, 0, 10) == Approx(3).margin(1e-4));
  Classifier classifier = ragged_classifier();
  classifier.logit_scale = 10;  // low, so that the images can improve on the text
  const std::vector<HeldOut> sets = {validation_set(classifier)};
  const LossEvaluator evaluator(sets, Metric::nll, 1);
  trefoil::config::SearchAxis axis;
  axis.values = {0.01, 32};
  axis.logarithmic = true;
  axis.exact = true;
  const CacheHyperparameterSearch found =
      search_cache_hyperparameters(evaluator, {axis, {}, {}}, {1, 3, 0.2}, {false, 0}, Metric::nll, kSilent);
  const double best = found.grid.alpha(found.best);
  const auto sum = [&](double alpha) {
    double total = 0;
    for (const float loss : evaluator.losses(alpha, 3, 0.2)) total += static_cast<double>(loss);
    return total;
  };
  REQUIRE(sum(best) <= sum(best * 1.05));
  REQUIRE(sum(best) <= sum(best * 0.95));
}

TEST_CASE("the best point is the first of equal losses, or the middle of the longest run", "[search]") {
  const Grid grid = {{1, 2}, {0, 1}, {1, 2, 3, 4, 5}};
  LossGrid losses{10, std::vector<double>(20, 5), {}};
  losses.loss_sums[12] = losses.loss_sums[13] = losses.loss_sums[14] = 1;  // β = 2, γ = 0, α = 3, 4, 5
  losses.loss_sums[9] = 1;                                                 // β = 1, γ = 1, α = 5
  REQUIRE(best_point(grid, losses, {true, 1}) == 9);
  REQUIRE(best_point(grid, losses, {false, 1}) == 13);
  losses.loss_sums[3] = 1;  // β = 1, γ = 0, α = 4: before α = 5, whatever γ
  REQUIRE(best_point(grid, losses, {true, 1}) == 3);
}

TEST_CASE("of the points within one standard error, the one nearest to the start is selected", "[search]") {
  // The means are 0.1, 0.105, 0.11 and 0.3. The standard errors of the differences are 0, 0.0199, 0.0099 and 0.0346.
  // If the variance were taken around 0, not the mean difference, the third would be 0.01, within the tolerance.
  const LossGrid losses{100, {10, 10.5, 11, 30}, {0, 4, 1, 16}};
  const auto away = [](std::size_t point) { return 3.0 - static_cast<double>(point); };
  const Selection selection = nearest_within_tolerance(losses, 0.1, {false, 1}, away);
  REQUIRE(selection.within_tolerance == std::vector<bool>{true, true, false, false});
  REQUIRE(*selection.point == 1);
  REQUIRE(selection.distance == 2);
  REQUIRE(*nearest_within_tolerance(losses, 0.1, {false, 0}, away).point == 0);
  REQUIRE(!nearest_within_tolerance(losses, 0.05, {false, 1}, away).point);
}

TEST_CASE("folds leave out one image of every class that has another", "[search]") {
  const trefoil::Support support = ragged_support();  // 4, 3, 1, 0 and 2 shots
  const auto all_folds = folds(support);
  REQUIRE(all_folds == std::vector<std::vector<std::int64_t>>{{0, 4, 8}, {1, 5, 9}, {2, 6}, {3}});
  const trefoil::Support rest = without(support, all_folds[0]);
  REQUIRE(rest.labels.equal(torch::tensor({0, 0, 0, 1, 1, 2, 4}, torch::kLong)));
  REQUIRE(rest.images[0].equal(support.images[1]));
  trefoil::Support single = without(support, {1, 2, 3, 5, 6, 9});
  REQUIRE(folds(single).empty());
  // Images that were estimated from text are in no fold.
  REQUIRE(folds(support, torch::tensor({1, 0, 0, 0, 0}, torch::kLong).to(torch::kBool)) ==
          std::vector<std::vector<std::int64_t>>{{4, 8}, {5, 9}, {6}});
}

TEST_CASE("equal rows are left out together, and a row of two classes is never left out", "[search]") {
  trefoil::Support support = ragged_support();  // rows 0-3, 4-6, 7, none, 8-9
  support.images[2] = support.images[0];
  REQUIRE(folds(support) == std::vector<std::vector<std::int64_t>>{{0, 2, 4, 8}, {1, 5, 9}, {3, 6}});
  REQUIRE(have_equal_rows(folds(support), support));
  support.images[9] = support.images[8];  // class 4 has only one different image
  REQUIRE(folds(support) == std::vector<std::vector<std::int64_t>>{{0, 2, 4}, {1, 5}, {3, 6}});
  support.images[6] = support.images[0];  // classes 0 and 1
  REQUIRE(folds(support) == std::vector<std::vector<std::int64_t>>{{4}, {1, 5}, {3}});
  REQUIRE_FALSE(have_equal_rows(folds(support), support));
}

TEST_CASE("gda computes leave-one-out logits without training again", "[search]") {
  const trefoil::Support support = ragged_support();
  const trefoil::Channels all = trefoil::keep_best(torch::ones({32}), 32);
  const Classifier start = relate("zero_shot", support, all);
  const auto plugin = make_plugin(trefoil::PluginKind::head, "gda", {{"alpha", 0.5}}, 1);
  const auto& gda = dynamic_cast<const trefoil::Head&>(*plugin);
  const torch::Tensor fast = gda.leave_one_out(start, support, all);
  // Class 3 has no images. Its mean is estimated from its text and the means of the other classes, and the fast way
  // does not repeat that, so this class is not compared.
  const torch::Tensor others = torch::tensor({0, 1, 2, 4}, torch::kLong);
  for (const std::int64_t row : {0, 2, 4, 6, 8, 9}) {
    const trefoil::Support rest = without(support, {row});
    const Classifier trained = gda.train(relate("zero_shot", rest, all), rest, all);
    const torch::Tensor slow = trained.logits(support.images.slice(0, row, row + 1))[0];
    CAPTURE(row);
    REQUIRE((fast[row] - slow).index_select(0, others).abs().max().item<double>() < 1e-8);
  }
}

TEST_CASE("few held-out images draw the temperature towards 1", "[search]") {
  REQUIRE(drawn_towards_1(1.5, 100) == Approx(std::sqrt(1.5)));
  REQUIRE(drawn_towards_1(0.8, 300) == Approx(std::pow(0.8, 0.75)));
  REQUIRE(drawn_towards_1(1.5, 0) == 1);
  REQUIRE(drawn_towards_1(5, 1000000) == Approx(2).margin(1e-3));
  REQUIRE(drawn_towards_1(0.01, 1000000) == Approx(0.5).margin(1e-3));
}

TEST_CASE("a setting loses the race when its loss is far above the lowest, by paired differences", "[search]") {
  std::vector<float> noise;
  noise.reserve(400);
  for (int i = 0; i < 400; ++i) noise.push_back(static_cast<float>((i * 37) % 101) / 101);
  const auto shifted = [&](float even, float odd) {
    std::vector<float> losses = noise;
    for (std::size_t i = 0; i < losses.size(); ++i) losses[i] += i % 2 == 0 ? even : odd;
    return losses;
  };
  // Paired differences of 0.3 and −0.1: mean 0.1, standard error 0.2 / √400 = 0.01. So 0.1 is ten standard errors, and
  // differences of 0.23 and −0.17 have a mean of 0.03, three standard errors.
  REQUIRE(stays_in_race({noise, shifted(0.3F, -0.1F), shifted(0.23F, -0.17F)}) == std::vector<bool>{true, false, true});
  REQUIRE(stays_in_race({shifted(0.3F, -0.1F), noise}) == std::vector<bool>{false, true});
  REQUIRE(stays_in_race({noise, noise}) == std::vector<bool>{true, true});
  REQUIRE(stays_in_race({shifted(0.01F, 0.01F), noise}) == std::vector<bool>{false, true});  // the same on every query
}

TEST_CASE("a head is chosen by the lowest loss, unless the first is within one standard error", "[search]") {
  const auto scored = [](float even, float odd) {
    ScoredHead head;
    for (int i = 0; i < 100; ++i) head.losses.push_back(1 + (i % 2 == 0 ? even : odd));
    head.score.loss = 1 + 0.5 * static_cast<double>(even + odd);
    return head;
  };
  // The differences between the two have the mean 0.05 and the standard error 1 / √100.
  std::vector<ScoredHead> near_by = {scored(1.05F, -0.95F), scored(0, 0)};
  REQUIRE(choose_head(near_by) == 0);
  REQUIRE(near_by[0].score.chosen);
  REQUIRE(near_by[0].score.standard_error == Approx(0.1));
  REQUIRE(near_by[1].score.standard_error == 0);
  std::vector<ScoredHead> far = {scored(1.5F, -0.5F), scored(0, 0), scored(3, 3)};
  REQUIRE(choose_head(far) == 1);
  REQUIRE_FALSE(far[0].score.chosen);
}
