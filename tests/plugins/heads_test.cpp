// The trained heads, compared with simple implementations that LibTorch differentiates.
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "heads/training/descent.h"
#include "heads/training/epochs.h"
#include "heads/training/key_objective.h"
#include "heads/training/residual_objective.h"
#include "plain_training.h"
#include "runtime/blocks.h"
#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"
#include "trefoil/head.h"

using namespace tests;
using trefoil::Channels;
using trefoil::Classifier;
using trefoil::Support;

namespace {

class RecordingHost final : public trefoil::Host {
 public:
  std::uint64_t seed() const override { return seed_of_run; }
  int threads() const override { return 2; }
  void log(trefoil::LogLevel level, const std::string& line) override {
    if (level == trefoil::LogLevel::warning) warnings.push_back(line);
  }
  void progress(std::int64_t done, std::int64_t total) override { steps.emplace_back(done, total); }
  void metric(const std::string& name, double value) override { metrics[name] = value; }
  std::string file_sha256(const std::filesystem::path& /*file*/) override { return {}; }

  std::uint64_t seed_of_run = 1;
  std::vector<std::string> warnings;
  std::vector<std::pair<std::int64_t, std::int64_t>> steps;
  std::map<std::string, double> metrics;
};

Classifier train(const std::string& head, const Classifier& start, const Support& support, const Channels& channels,
                 Overrides overrides, RecordingHost& host) {
  const auto object = make_plugin(trefoil::PluginKind::head, head, std::move(overrides), 1);
  object->attach(host);
  return dynamic_cast<const trefoil::Head&>(*object).train(start, support, channels);
}

Classifier train(const std::string& head, const Classifier& start, const Support& support, const Channels& channels,
                 Overrides overrides = {}) {
  RecordingHost host;
  return train(head, start, support, channels, std::move(overrides), host);
}

std::string text(const char* word) { return word; }

Channels some_channels(const Support& support) { return trefoil::keep_best(score("mixed", support), 20); }

// Classes of 4, 3, 1, 0 and 2 shots, with three views of each.
Support ragged_with_views() {
  Support support = ragged_support();
  const torch::Tensor noise = normal_numbers({3, 10, 32}, 7);
  std::vector<torch::Tensor> views;
  for (std::int64_t v = 0; v < 3; ++v) views.push_back(trefoil::unit_rows(support.images + 0.1 * noise[v]));
  support.views = torch::stack(views);
  return support;
}

// 300 images of 30 classes: more rows than one task handles.
Support many_images() {
  const torch::Tensor labels = torch::arange(30).repeat_interleave(10);
  const torch::Tensor text = trefoil::unit_rows(normal_numbers({30, 16}, 11));
  const torch::Tensor noise = normal_numbers({300, 16}, 12);
  Support support;
  support.text = text;
  support.images = trefoil::unit_rows(text.index_select(0, labels) + 0.3 * noise);
  support.labels = labels;
  return support;
}

// Returns the classifier with a residual [C, Q] added to columns of the text and, if `of_keys`, of the keys.
Classifier with_residual(const Classifier& start, const torch::Tensor& residual, const torch::Tensor& columns,
                         bool of_keys) {
  Classifier classifier = start;
  classifier.text = start.text.index_add(1, columns, residual);
  if (!of_keys || start.key_count() == 0) return classifier;
  const torch::Tensor expanded = residual.index_select(0, start.labels);
  classifier.keys = start.channels.defined() ? start.keys + expanded : start.keys.index_add(1, columns, expanded);
  return classifier;
}

Classifier as_in_code(const Classifier& start, const Support& support) {
  Classifier classifier = start;
  classifier.keys = support.images;
  classifier.channels = classifier.divergence = torch::Tensor();
  classifier.gamma = 0;
  classifier.renormalise = false;
  return classifier;
}

// Checks that the head with the plan's parameters and the plain training give the same result.
void compare(const std::string& head, const Classifier& start, const Support& support, const Channels& channels,
             const TrainingPlan& plan, const std::string& variant, const std::vector<torch::Tensor>& parameters,
             const Build& build) {
  RecordingHost host;
  const Overrides shared = {{"lr", plan.rate},     {"epochs", plan.epochs},
                            {"batch", plan.batch}, {"epsilon", 1e-3},
                            {"weight_decay", 0.1}, {"own_key", text(plan.masked ? "mask" : "keep")}};
  const Overrides with_variant = {{"variant", variant},
                                  {"lr", plan.rate},
                                  {"epochs", plan.epochs},
                                  {"batch", plan.batch},
                                  {"epsilon", 1e-3},
                                  {"weight_decay", 0.1},
                                  {"own_key", text(plan.masked ? "mask" : "keep")}};
  const Classifier ours = train(head, start, support, channels, variant.empty() ? shared : with_variant, host);
  const std::vector<double> losses = plain_training(parameters, build, support, plan);
  const Classifier theirs = build(parameters);
  REQUIRE(host.metrics.at("loss_first") == Approx(losses.front()).epsilon(1e-12));
  REQUIRE(host.metrics.at("loss_last") == Approx(losses.back()).epsilon(1e-9));
  REQUIRE(near(ours.text, theirs.text));
  REQUIRE(ours.key_count() == theirs.key_count());
  if (ours.key_count() > 0) REQUIRE(near(ours.keys, theirs.keys));
  if (variant == "code" && ours.key_count() > 0) REQUIRE(near(ours.weight, theirs.weight));
  REQUIRE(near(ours.logits(small_problem().test), theirs.logits(small_problem().test), 1e-7));
}

// Returns classifiers of all relations that a head may start from, with α and β for which the cache logits matter.
std::vector<Classifier> starts(const Support& support, const Channels& channels) {
  return {relate("ape", support, channels, {{"alpha", 3.0}, {"beta", 4.0}, {"gamma", 0.2}}),
          relate("ape", support, channels, {{"alpha", 3.0}, {"beta", 4.0}, {"renormalise", false}}),
          relate("tip", support, channels, {{"alpha", 3.0}, {"beta", 4.0}}), relate("zero_shot", support, channels)};
}

}  // namespace

TEST_CASE("residual descends along the gradient of its printed formula", "[heads]") {
  for (const Support& support : {small_problem().support, ragged_with_views()}) {
    const Channels channels = some_channels(support);
    for (const Classifier& start : starts(support, channels)) {
      for (const bool masked : {true, false}) {
        const TrainingPlan plan{1e-2, 5, 0, masked};
        const torch::Tensor residual = torch::zeros({5, 20}, torch::kDouble);
        compare("residual", start, support, channels, plan, "paper", {residual},
                [&](const auto& p) { return with_residual(start, p[0], channels.index, true); });
      }
    }
  }
}

TEST_CASE("residual's variant code trains weights of the keys too", "[heads]") {
  for (const Support& support : {small_problem().support, ragged_with_views()}) {
    const Channels channels = some_channels(support);
    for (const Classifier& start : starts(support, channels)) {
      if (start.key_count() == 0) continue;
      const Classifier base = as_in_code(start, support);
      for (const bool masked : {true, false}) {
        const torch::Tensor residual = torch::zeros({5, 20}, torch::kDouble);
        const torch::Tensor weight = torch::ones({base.key_count()}, torch::kDouble);
        compare("residual", start, support, channels, {1e-2, 5, 0, masked}, "code", {residual, weight},
                [&](const auto& p) {
                  Classifier classifier = with_residual(base, p[0], channels.index, true);
                  classifier.weight = p[1];
                  return classifier;
                });
      }
    }
  }
}

TEST_CASE("text_residual trains the texts under the cache as it is", "[heads]") {
  const Support support = ragged_with_views();
  const Channels channels = some_channels(support);
  for (const Classifier& start : starts(support, channels)) {
    for (const bool masked : {true, false}) {
      const torch::Tensor residual = torch::zeros({5, 32}, torch::kDouble);
      compare("text_residual", start, support, channels, {1e-2, 5, 0, masked}, "", {residual},
              [&](const auto& p) { return with_residual(start, p[0], torch::arange(32), false); });
    }
  }
}

TEST_CASE("tip_f trains the keys", "[heads]") {
  const Support support = ragged_with_views();
  const Channels channels = some_channels(support);
  for (const Classifier& start : starts(support, channels)) {
    if (start.key_count() == 0) continue;
    for (const bool masked : {true, false}) {
      compare("tip_f", start, support, channels, {1e-2, 5, 0, masked}, "", {start.keys.clone()}, [&](const auto& p) {
        Classifier classifier = start;
        classifier.keys = p[0];
        return classifier;
      });
    }
  }
}

TEST_CASE("heads learn from batches in an order of their own", "[heads]") {
  const Support support = ragged_with_views();
  const Channels channels = some_channels(support);
  const Classifier start = starts(support, channels).front();
  const Classifier base = as_in_code(start, support);
  const TrainingPlan plan{1e-2, 4, 3, true};  // the last batch of an epoch has one row
  const auto zeros = [] { return torch::zeros({5, 20}, torch::kDouble); };
  compare("residual", start, support, channels, plan, "paper", {zeros()},
          [&](const auto& p) { return with_residual(start, p[0], channels.index, true); });
  compare("residual", start, support, channels, plan, "code", {zeros(), torch::ones({10}, torch::kDouble)},
          [&](const auto& p) {
            Classifier classifier = with_residual(base, p[0], channels.index, true);
            classifier.weight = p[1];
            return classifier;
          });
}

TEST_CASE("an epoch's order is a permutation that the seed decides", "[heads]") {
  head_training::Epochs one(50, 8, 1);
  head_training::Epochs same(50, 8, 1);
  head_training::Epochs other(50, 8, 2);
  head_training::Epochs whole(50, 0, 1);
  REQUIRE(one.steps() == 7);
  REQUIRE(whole.steps() == 1);
  const std::vector<std::int64_t> first = one.next();
  REQUIRE(first == same.next());
  REQUIRE(first != other.next());
  REQUIRE(first != one.next());
  std::vector<std::int64_t> sorted = first;
  std::sort(sorted.begin(), sorted.end());
  REQUIRE(sorted == whole.next());
}

TEST_CASE("a masked row does not see its own key", "[heads]") {
  // One image per class, so all keys are masked: the loss must be that of the texts alone, and keys get no gradient.
  const SmallProblem problem = small_problem();
  const Support one{
      problem.support.text, problem.support.images.slice(0, 0, 1), problem.support.labels.slice(0, 0, 1), {}};
  const Channels channels = some_channels(problem.support);
  const Overrides once = {{"epochs", std::int64_t{1}}};
  for (const char* head : {"residual", "text_residual", "tip_f"}) {
    RecordingHost masked;
    RecordingHost text_alone;
    train(head, relate("tip", one, channels, {{"alpha", 9.0}}), one, channels, once, masked);
    train("residual", relate("zero_shot", one, channels), one, channels, once, text_alone);
    REQUIRE(masked.metrics.at("loss_first") == Approx(text_alone.metrics.at("loss_first")).epsilon(1e-12));
  }
}

TEST_CASE("training says how far it is and what it reached", "[heads]") {
  const Support support = ragged_with_views();
  const Channels channels = some_channels(support);
  for (const char* head : {"residual", "text_residual", "tip_f"}) {
    RecordingHost host;
    const Classifier start = relate("ape", support, channels);
    train(head, start, support, channels, {{"epochs", std::int64_t{7}}, {"batch", std::int64_t{4}}}, host);
    REQUIRE(host.steps.size() == 21);
    REQUIRE(host.steps.back() == std::pair<std::int64_t, std::int64_t>(21, 21));
    REQUIRE(host.metrics.count("residual_norm") == 1);
    REQUIRE(host.metrics.at("residual_norm") > 0);
    REQUIRE(host.metrics.count("loss_last") == 1);
  }
}

TEST_CASE("heads keep what α, β and γ are searched with", "[heads]") {
  const Support support = small_problem().support;
  const Channels channels = some_channels(support);
  const Classifier start = relate("ape", support, channels, {{"alpha", 2.0}, {"beta", 3.0}, {"gamma", 0.3}});
  for (const char* head : {"residual", "text_residual", "tip_f"}) {
    const Classifier trained = train(head, start, support, channels);
    REQUIRE(trained.alpha == 2.0);
    REQUIRE(trained.beta == 3.0);
    REQUIRE(trained.gamma == 0.3);
    REQUIRE(torch::equal(trained.divergence, start.divergence));
    REQUIRE(torch::equal(start.text, support.text));
  }
  const Classifier code = train("residual", start, support, channels, {{"variant", text("code")}});
  REQUIRE(!code.divergence.defined());
  REQUIRE(code.gamma == 0);
  REQUIRE(code.weight.size(0) == 20);
}

TEST_CASE("training is the same for every number of threads and bound of memory", "[heads]") {
  trefoil::runtime::use_one_thread_per_operation();
  for (const torch::ScalarType type : {torch::kFloat, torch::kDouble}) {
    const Support support = to(many_images(), type);
    const Channels channels = first_channels(support, 16);
    const Classifier start = relate("ape", support, channels, {{"alpha", 2.0}});
    const head_training::Examples examples(support);
    head_training::Settings settings;
    settings.epochs = 4;
    const auto residual_of = [&](head_training::CacheTerms cache_terms, int threads, std::int64_t bytes) {
      Classifier base = start;
      base.weight = torch::ones({300}, start.text.options());
      torch::Tensor residual = torch::zeros({30, 16}, start.text.options());
      parallel::Workers workers(threads);
      head_training::ResidualObjective objective(base, examples, {cache_terms, true, 0.1, 1e-3, bytes}, workers);
      head_training::Descent(residual, examples, {}, objective, settings, workers).run([](auto, auto) {});
      return torch::cat({residual.flatten(), base.weight});
    };
    for (const head_training::CacheTerms cache_terms :
         {head_training::CacheTerms::none, head_training::CacheTerms::in_logits, head_training::CacheTerms::by_class,
          head_training::CacheTerms::by_key}) {
      const torch::Tensor expected = residual_of(cache_terms, 1, head_training::kFixedTermsBytes);
      REQUIRE(torch::equal(expected, residual_of(cache_terms, 3, head_training::kFixedTermsBytes)));
      REQUIRE(torch::equal(expected, residual_of(cache_terms, 2, 0)));
    }
    const auto keys_of = [&](int threads, std::int64_t bytes) {
      torch::Tensor keys = start.keys.clone();
      parallel::Workers workers(threads);
      head_training::KeyObjective objective(start, examples, true, workers, bytes);
      head_training::Descent(keys, examples, start.channels, objective, settings, workers).run([](auto, auto) {});
      return keys;
    };
    REQUIRE(torch::equal(keys_of(1, head_training::kFixedTermsBytes), keys_of(3, 0)));
  }
}

TEST_CASE("float32 is near float64, however sharp the kernel", "[heads]") {
  const Support support = ragged_support();
  const Channels channels = some_channels(support);
  for (const char* head : {"residual", "text_residual", "tip_f"}) {
    for (const double beta : {0.0, 5.5, 1000.0}) {
      const auto logits = [&](torch::ScalarType type) {
        const Support typed = to(support, type);
        const Classifier start = relate("ape", typed, channels, {{"beta", beta}, {"alpha", 2.0}, {"gamma", 0.0}});
        const Classifier trained = train(head, start, typed, channels, {{"lr", 1e-4}});
        REQUIRE(trained.text.scalar_type() == type);
        return trained.logits(small_problem().test.to(type)).to(torch::kDouble);
      };
      REQUIRE(near(logits(torch::kFloat), logits(torch::kDouble), 1e-2));
    }
  }
}

TEST_CASE("without support images, heads leave the classifier as it is and say so", "[heads]") {
  const Support full = small_problem().support;
  const Support none{full.text, full.images.slice(0, 0, 0), full.labels.slice(0, 0, 0), {}};
  const Channels channels = some_channels(full);
  for (const char* head : {"residual", "text_residual", "tip_f"}) {
    RecordingHost host;
    const Classifier trained = train(head, relate("tip", none, channels), none, channels, {}, host);
    REQUIRE(torch::equal(trained.text, full.text));
    REQUIRE(host.warnings.size() == 1);
  }
}

TEST_CASE("heads refuse what they cannot train", "[heads]") {
  const Support support = small_problem().support;
  const Channels channels = some_channels(support);
  const Classifier start = relate("tip", support, channels);
  for (const char* head : {"residual", "text_residual", "tip_f"}) {
    Classifier custom = start;
    custom.custom_logits = [](const Classifier&, const torch::Tensor& query) { return query; };
    REQUIRE_THROWS_WITH(train(head, custom, support, channels), ContainsSubstring("this head cannot train that"));
    const Classifier dense = relate("kernel_ridge", support, channels);
    REQUIRE_THROWS_WITH(train(head, dense, support, channels), ContainsSubstring("use the relation zero_shot, tip"));
    Classifier other = start;
    other.labels = start.labels.flip(0);
    REQUIRE_THROWS_WITH(train(head, other, support, channels), ContainsSubstring("own_key = \"keep\""));
    REQUIRE_NOTHROW(train(head, other, support, channels, {{"own_key", text("keep")}}));
  }
  REQUIRE_THROWS_WITH(train("tip_f", relate("zero_shot", support, channels), support, channels),
                      ContainsSubstring("text_residual"));
  const Support single = to(support, torch::kFloat);
  REQUIRE_THROWS_WITH(train("residual", relate("tip", single, channels, {{"alpha", 1e60}}), single, channels),
                      ContainsSubstring("not finite at step 1 of 30"));
}

TEST_CASE("an exception in a task reaches the caller, and the threads go on", "[heads]") {
  parallel::Workers workers(3);
  REQUIRE_THROWS_WITH(workers.run(50,
                                  [](std::int64_t task, int) {
                                    if (task == 7) throw std::runtime_error("task 7");
                                  }),
                      "task 7");
  std::vector<int> done(50, 0);
  workers.run(50, [&](std::int64_t task, int) { ++done[static_cast<std::size_t>(task)]; });
  REQUIRE(done == std::vector<int>(50, 1));
}
