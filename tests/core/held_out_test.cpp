// Held-out sets against classifiers of a support from which the images were removed.
#include "search/held_out.h"

#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "config/resolve.h"
#include "data/layout.h"
#include "data/support_set.h"
#include "formats/npy_writer.h"
#include "search/folds.h"
#include "search/kernel.h"
#include "search/loss_evaluator.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/observer.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using namespace trefoil::search;
using trefoil::Classifier;
using trefoil::Support;

namespace {

// An experiment on the small problem, its task, and its held-out sets.
struct Case {
  explicit Case(std::vector<std::string> settings, SearchPhase phase, const torch::Tensor& text = {},
                const torch::Tensor& support = {}, const trefoil::pipeline::AfterHeads& after = {}) {
    const TemporaryFolder folder;
    const auto file = write_small_experiment(folder.path());
    if (text.defined()) trefoil::formats::write_npy(folder / "text.npy", text);
    if (support.defined()) trefoil::formats::write_npy(folder / "support.npy", support);
    settings.emplace_back("search.objective=loo");
    experiment = trefoil::config::resolve(trefoil::config::load_experiment_file(file, settings), registry());
    task = trefoil::data::find_layout("features")->load(experiment.data.parameters, experiment.seed);
    const trefoil::runtime::RunContext run{1, observer, metrics, sums, 2};
    PhaseStarts starts(task, phase, after, run);
    const HeldOutSets plan(starts, std::make_shared<const trefoil::config::Experiment>(experiment));
    for (std::size_t i = 0; i < plan.count(); ++i) {
      sets.push_back(plan.make(i));
      REQUIRE(plan.queries(i) == sets.back().queries->count());
    }
  }

  trefoil::config::Experiment experiment;
  trefoil::data::Task task;
  QuietObserver observer;
  trefoil::runtime::ReportedMetrics metrics;
  trefoil::base::FileSums sums;
  std::vector<HeldOut> sets;
};

}  // namespace

TEST_CASE("a masked image gets the loss of a classifier that was made without it", "[search]") {
  const Case tip({"relation.plugin=tip", "search.balance=false"}, SearchPhase{0});
  REQUIRE(tip.sets.size() == 1);
  const trefoil::data::QueryBlock queries = tip.sets[0].queries->read(0, 20);
  const std::vector<float> losses = Kernel(tip.sets[0], 1).losses(3, 5, 0, Metric::nll);
  REQUIRE(losses.size() == 20);
  for (std::int64_t i = 0; i < 20; ++i) {
    // The queries are in the order of the folds, so the image is found by its features.
    const torch::Tensor same = (tip.task.support.images == queries.features[i]).all(1).nonzero();
    REQUIRE(same.numel() == 1);
    const Support rest = without(tip.task.support, {same.item<std::int64_t>()});
    const Classifier plain =
        relate("tip", rest, trefoil::keep_best(score("variance", rest), 32), {{"alpha", 3.0}, {"beta", 5.0}});
    const torch::Tensor log_probability = plain.logits(queries.features.slice(0, i, i + 1)).log_softmax(1);
    const double expected = -log_probability[0][queries.labels[i].item<std::int64_t>()].item<double>();
    REQUIRE(losses[static_cast<std::size_t>(i)] == Approx(expected).margin(1e-4));
  }
}

TEST_CASE("channels are selected and heads are trained without the images of the fold", "[search]") {
  const std::vector<std::string> settings = {"selector.plugin=mixed", "selector.q=12", "relation.plugin=ape"};
  const Case relation(settings, SearchPhase{0});
  std::vector<std::string> with_head = settings;
  with_head.emplace_back("head.plugin=text_residual");
  const Case head(with_head, SearchPhase{1});
  const auto all_folds = folds(relation.task.support);
  REQUIRE(relation.sets.size() == all_folds.size());
  REQUIRE(head.sets.size() == all_folds.size());
  for (std::size_t fold = 0; fold < all_folds.size(); ++fold) {
    const Support rest = without(relation.task.support, all_folds[fold]);
    const torch::Tensor channels = trefoil::keep_best(score("mixed", rest), 12).index;
    REQUIRE(relation.sets[fold].classifier.channels.equal(channels));
    REQUIRE(relation.sets[fold].own_key.equal(torch::tensor(all_folds[fold], torch::kLong)));
    const Classifier& trained = head.sets[fold].classifier;
    REQUIRE(trained.channels.equal(channels));
    REQUIRE(trained.key_count() == rest.image_count());
    REQUIRE((trained.weight - 4.0 / 3).abs().max().item<double>() < 1e-6);  // three of four keys are left
    REQUIRE(head.sets[fold].queries->count() == static_cast<std::int64_t>(all_folds[fold].size()));
  }
}

TEST_CASE("a support with equal rows is evaluated by folds, without any copy of the query among the keys", "[search]") {
  torch::Tensor images = small_problem().support.images.to(torch::kFloat).clone();
  images[1] = images[0];
  const Case tip({"relation.plugin=tip"}, SearchPhase{0}, {}, images);
  const auto all_folds = folds(tip.task.support);
  REQUIRE(tip.sets.size() == all_folds.size());
  REQUIRE(all_folds[0][0] == 0);
  REQUIRE(all_folds[0][1] == 1);
  const Classifier& classifier = tip.sets[0].classifier;
  REQUIRE_FALSE(tip.sets[0].own_key.defined());
  REQUIRE((classifier.keys == tip.task.support.images[0]).all(1).sum().item<std::int64_t>() == 0);
}

TEST_CASE("a relation may compute the leave-one-out logits itself", "[search]") {
  const Case ridge({"relation.plugin=kernel_ridge", "selector.plugin=mixed", "selector.q=12", "search.balance=false"},
                   SearchPhase{0});
  REQUIRE(ridge.sets.size() == 1);
  const HeldOut& set = ridge.sets[0];
  REQUIRE(set.classifier.key_count() == 0);
  REQUIRE_FALSE(set.own_key.defined());
  const trefoil::data::QueryBlock queries = set.queries->read(0, 20);
  const std::vector<float> losses = LossEvaluator(ridge.sets, Metric::nll, 1).losses(0, 1, 0);
  for (std::int64_t i = 0; i < 20; ++i) {
    const torch::Tensor same = (ridge.task.support.images == queries.features[i]).all(1).nonzero();
    const Support rest = without(ridge.task.support, {same.item<std::int64_t>()});
    const Classifier plain = relate("kernel_ridge", rest, first_channels(rest, 32));
    const torch::Tensor log_probability = plain.logits(queries.features.slice(0, i, i + 1)).log_softmax(1);
    const double expected = -log_probability[0][queries.labels[i].item<std::int64_t>()].item<double>();
    REQUIRE(losses[static_cast<std::size_t>(i)] == Approx(expected).margin(1e-3));
  }
}

TEST_CASE("balance reaches a relation that computes the leave-one-out logits itself", "[search]") {
  const Case ridge({"relation.plugin=kernel_ridge"}, SearchPhase{0});
  const auto plugin = make_plugin(trefoil::PluginKind::relation, "kernel_ridge", {}, 1);
  const torch::Tensor expected = dynamic_cast<const trefoil::Relation&>(*plugin)
                                     .leave_one_out(ridge.task.support, torch::full({20}, 4.0 / 3, torch::kDouble))
                                     .to(torch::kFloat);
  const HeldOut& set = ridge.sets[0];
  const trefoil::data::QueryBlock queries = set.queries->read(0, 20);
  for (std::int64_t i = 0; i < 20; ++i) {
    const torch::Tensor same = (ridge.task.support.images == queries.features[i]).all(1).nonzero();
    REQUIRE(near(set.base_logits[i], expected[same.item<std::int64_t>()], 1e-3));
  }
}

TEST_CASE("dense values are evaluated by folds, without weights, when rows are equal or a head is trained",
          "[search]") {
  torch::Tensor images = small_problem().support.images.to(torch::kFloat).clone();
  images[1] = images[0];
  const Case equal_rows({"relation.plugin=kernel_ridge"}, SearchPhase{0}, {}, images);
  const Case head({"relation.plugin=kernel_ridge", "head.plugin=gda"}, SearchPhase{1});
  for (const Case* each : {&equal_rows, &head}) {
    const auto all_folds = folds(each->task.support);
    REQUIRE(each->sets.size() == all_folds.size());
    for (std::size_t fold = 0; fold < all_folds.size(); ++fold) {
      const HeldOut& set = each->sets[fold];
      const Support rest = without(each->task.support, all_folds[fold]);
      const Classifier expected = relate("kernel_ridge", rest, first_channels(rest, 32));
      REQUIRE(set.classifier.values.equal(expected.values));
      REQUIRE_FALSE(set.classifier.weight.defined());
      REQUIRE_FALSE(set.own_key.defined());
      REQUIRE_FALSE(set.base_logits.defined());
      REQUIRE(set.needs_all_logits());
    }
  }
}

TEST_CASE("balance makes up for the keys that are left out, also before APE-T trains", "[search]") {
  const auto first_keys = [](const char* balance) {
    const Case head({"relation.plugin=tip", "head.plugin=residual", "head.variant=code", "head.epochs=1", "head.lr=0",
                     std::string("search.balance=") + balance},
                    SearchPhase{1});
    return head.sets[0].classifier.weight[0].item<double>();
  };
  REQUIRE(first_keys("true") == Approx(4.0 / 3));
  REQUIRE(first_keys("false") == Approx(1.0));
}

TEST_CASE("a text that was estimated from images is estimated again without the images left out", "[search]") {
  const torch::Tensor no_text = torch::zeros_like(small_problem().support.text);
  const Case tip({"relation.plugin=tip", "data.missing_text=class_mean"}, SearchPhase{0}, no_text);
  const auto all_folds = folds(tip.task.support);
  REQUIRE(tip.sets.size() == all_folds.size());
  Support rest = without(tip.task.support, all_folds[1]);
  rest.text = no_text.to(torch::kFloat);
  trefoil::data::fill_missing_text(rest, tip.task.class_names);
  REQUIRE(tip.sets[1].classifier.text.equal(rest.text));
  REQUIRE_FALSE(rest.text.equal(tip.task.support.text));
}

TEST_CASE("weights that overflow are refused", "[search]") {
  const Case ape({"selector.plugin=mixed", "selector.q=12"}, SearchPhase{0});
  const Kernel kernel(ape.sets[0], 1);
  REQUIRE_THROWS_WITH(kernel.losses(1, 1, 1000, Metric::accuracy), ContainsSubstring("is too large to search"));
}

TEST_CASE("a head in a row starts from the one before, with its searched α", "[search]") {
  const std::vector<std::string> settings = {
      "relation.plugin=tip", "head=[{ plugin = \"text_residual\", epochs = 2 }, { plugin = \"whitened\" }]"};
  const Case both(settings, SearchPhase{2});
  REQUIRE(both.experiment.plugins_of(trefoil::PluginKind::head).size() == 2);
  const auto all_folds = folds(both.task.support);
  REQUIRE(both.sets.size() == all_folds.size());
  const Case first(settings, SearchPhase{1});
  const Classifier& before = first.sets[0].classifier;
  const Classifier& after = both.sets[0].classifier;
  REQUIRE_FALSE(after.text.equal(before.text));
  REQUIRE(after.keys.equal(before.keys));

  const trefoil::pipeline::AfterHeads chosen = {trefoil::pipeline::CacheHyperparameters{7, 2, 0}};
  const Case other(settings, SearchPhase{2}, {}, {}, chosen);
  REQUIRE(other.sets[0].classifier.alpha == 7);
  REQUIRE_FALSE(other.sets[0].classifier.text.equal(after.text));
}

TEST_CASE("the settings of a head share the classifier that it starts from", "[search]") {
  const Case head({"relation.plugin=tip", "head.plugin=logistic"}, SearchPhase{1});
  QuietObserver observer;
  trefoil::runtime::ReportedMetrics metrics;
  trefoil::base::FileSums sums;
  const trefoil::runtime::RunContext run{1, observer, metrics, sums, 1};
  const auto setting = std::make_shared<const trefoil::config::Experiment>(head.experiment);
  PhaseStarts starts(head.task, SearchPhase{1}, {}, run);
  REQUIRE(starts.without_fold(0, setting) == starts.without_fold(0, setting));
  REQUIRE(starts.whole(setting) == starts.whole(setting));
  PhaseStarts of_relation(head.task, SearchPhase{0}, {}, run);
  REQUIRE(of_relation.whole(setting) != of_relation.whole(setting));
}

TEST_CASE("a convex head trained from a similar classifier ends where it ends from the start", "[search]") {
  for (const char* plugin : {"logistic", "whitened"}) {
    const Case far(
        {std::string("head.plugin=") + plugin, plugin == std::string("logistic") ? "head.c=3" : "head.lambda=3"},
        SearchPhase{1});
    const Case near_by({std::string("head.plugin=") + plugin}, SearchPhase{1});
    QuietObserver observer;
    trefoil::runtime::ReportedMetrics metrics;
    trefoil::base::FileSums sums;
    const trefoil::runtime::RunContext run{1, observer, metrics, sums, 2};
    PhaseStarts starts(near_by.task, SearchPhase{1}, {}, run);
    const HeldOutSets plan(starts, std::make_shared<const trefoil::config::Experiment>(near_by.experiment));
    const HeldOut warm = plan.make(0, &far.sets[0].classifier);
    const torch::Tensor query = near_by.task.support.images;
    const torch::Tensor cold_logits = near_by.sets[0].classifier.logits(query);
    const auto away = [&](const Classifier& classifier) {
      return (classifier.logits(query) - cold_logits).abs().max().item<double>();
    };
    CAPTURE(plugin, away(far.sets[0].classifier), away(warm.classifier));
    REQUIRE(away(warm.classifier) < 0.02 * away(far.sets[0].classifier));
  }
}
