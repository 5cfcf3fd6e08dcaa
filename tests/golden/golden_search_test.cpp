// The search finds the winner of the reference implementation's grid search, on the validation split of
// golden_small.json.
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <nlohmann/json.hpp>

#include "search/cache_hyperparameters.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/shared.h"
#include "trefoil/channels.h"

using namespace tests;
using namespace trefoil::search;

namespace {

// `count` evenly spaced values from `from` to `to`, without `to`.
trefoil::config::SearchAxis axis(double from, double to, int count) {
  trefoil::config::SearchAxis axis;
  for (int i = 0; i < count; ++i) axis.values.push_back(from + i * (to - from) / count);
  return axis;
}

const CacheHyperparameterAxes kAxes = {axis(0.1, 7, 5), axis(0.1, 7, 10), axis(0, 1, 4)};

CacheHyperparameterSearch search_like_the_reference(const trefoil::Classifier& classifier,
                                                    const CacheHyperparameterAxes& axes) {
  const SmallProblem problem = small_problem();
  const std::shared_ptr<const trefoil::formats::Array> rows =
      trefoil::formats::array_of(problem.validation.to(torch::kFloat));
  const std::shared_ptr<const trefoil::formats::Array> labels = trefoil::formats::array_of(problem.validation_labels);
  const std::vector<HeldOut> sets = {{classifier,
                                      "test",
                                      std::make_shared<trefoil::data::Queries>(rows, "rows", labels, "labels", 32, 5),
                                      {},
                                      {},
                                      {}}};
  const LossEvaluator evaluator(sets, Metric::accuracy, 2);
  return search_cache_hyperparameters(evaluator, axes, {}, {/*first_of_ties=*/true, 1}, Metric::accuracy,
                                      [](std::int64_t, std::int64_t) {});
}

}  // namespace

TEST_CASE("the search of APE finds the golden winner", "[golden]") {
  const nlohmann::json golden = golden_small();
  if (golden.is_null()) return;
  const auto index = golden.at("selection").at("ape_w0.3_0.7").at("indices_ranked").get<std::vector<std::int64_t>>();
  trefoil::Channels channels;
  channels.index = torch::tensor(index, torch::kLong);
  const trefoil::Support support = to(small_problem().support, torch::kFloat);
  const CacheHyperparameterSearch found = search_like_the_reference(relate("ape", support, channels), kAxes);
  const auto& expected = golden.at("ape_search");
  const CacheHyperparameters winner = found.at(found.best);
  REQUIRE(winner.alpha == Approx(expected.at("alpha").get<double>()));
  REQUIRE(winner.beta == Approx(expected.at("beta").get<double>()));
  REQUIRE(winner.gamma == Approx(expected.at("gamma").get<double>()));
  REQUIRE(100 * (1 - found.losses.mean(found.best)) == Approx(expected.at("best_val_acc").get<double>()));
}

TEST_CASE("the search of Tip-Adapter finds the winner of a plain loop over all points", "[golden]") {
  const SmallProblem problem = small_problem();
  const trefoil::Channels all = trefoil::keep_best(torch::ones({32}), 32);
  const CacheHyperparameterAxes axes = {axis(0.1, 7, 20), axis(0.1, 7, 30), {}};
  double most = 0;
  CacheHyperparameters first;
  for (const double beta : axes.beta->values) {
    for (const double alpha : axes.alpha->values) {
      const auto classifier = relate("tip", problem.support, all, {{"alpha", alpha}, {"beta", beta}});
      const torch::Tensor right = classifier.logits(problem.validation).argmax(1) == problem.validation_labels;
      const double accuracy = right.to(torch::kDouble).mean().item<double>();
      if (accuracy <= most) continue;
      most = accuracy;
      first = {alpha, beta, 0};
    }
  }
  const trefoil::Support support = to(problem.support, torch::kFloat);
  const CacheHyperparameterSearch found = search_like_the_reference(relate("tip", support, all), axes);
  const CacheHyperparameters winner = found.at(found.best);
  REQUIRE(1 - found.losses.mean(found.best) == Approx(most));
  REQUIRE(winner.alpha == first.alpha);
  REQUIRE(winner.beta == first.beta);
}
