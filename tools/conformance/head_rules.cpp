#include "conformance/classifiers.h"
#include "conformance/kinds.h"
#include "runtime/affinity.h"
#include "runtime/instance.h"
#include "trefoil/head.h"

namespace trefoil::conformance {

namespace {

Channels half_of(const Support& support) { return some_channels(support, support.width() / 2); }

// Trains `start`, checks the result, and calls `use` with it while the head object exists.
template <typename Use>
void train(const Subject& subject, const Classifier& start, const Support& support, int threads, Use use) {
  TestedPlugin<Head> head(subject, threads);
  const Classifier trained =
      head.call("train", [&](const Head& object) { return object.train(start, support, half_of(support)); });
  require_valid(trained, support, head.label());
  use(trained);
}

void check_training(const Subject& subject, const Classifier& start, const Support& support) {
  train(subject, start, support, 1, [](const Classifier&) {});
}

Classifier copy_of(const Classifier& classifier) {
  Classifier copy = classifier;
  for (torch::Tensor Classifier::*field :
       {&Classifier::text, &Classifier::keys, &Classifier::labels, &Classifier::channels}) {
    copy.*field = (classifier.*field).clone();
  }
  return copy;
}

// leave_one_out() is valid only for the cache of the relation, so a head that has it must not change the cache.
void check_head_leave_one_out(const Subject& subject) {
  const Support support = ordinary_problem().support;
  const Classifier start = cache_classifier(support, half_of(support));
  TestedPlugin<Head> head(subject);
  const torch::Tensor logits = head.call(
      "leave_one_out", [&](const Head& object) { return object.leave_one_out(start, support, half_of(support)); });
  if (!logits.defined()) throw Skipped("the head does not override leave_one_out()");
  runtime::check_logits(logits, support.image_count(), support.class_count(), head.label());
  Classifier trained =
      head.call("train", [&](const Head& object) { return object.train(start, support, half_of(support)); });
  trained.text = start.text;
  trained.bias = start.bias;
  trained.logit_scale = start.logit_scale;
  const bool same_cache = differ_in_cache_hyperparameters_only(trained, start) && trained.alpha == start.alpha &&
                          trained.beta == start.beta && trained.gamma == start.gamma;
  require(same_cache, "a head that overrides leave_one_out() must not change keys, labels, weights, α, β or γ");
}

}  // namespace

void check_head(const Subject& subject, Rules& rules) {
  const Problem ordinary = ordinary_problem();
  const Support& support = ordinary.support;
  rules.check(ordinary.name, [&] { check_training(subject, cache_classifier(support, half_of(support)), support); });
  rules.check("a classifier without keys",
              [&] { return allowing_refusal([&] { check_training(subject, text_classifier(support), support); }); });
  for (const Problem& problem : unusual_problems()) {
    rules.check(problem.name, [&] {
      return allowing_refusal([&] {
        check_training(subject, cache_classifier(problem.support, half_of(problem.support)), problem.support);
      });
    });
  }
  check_classifiers(
      [&](const Support& given, int threads, const auto& use) {
        train(subject, cache_classifier(given, half_of(given)), given, threads, use);
      },
      rules);
  rules.check("does not modify the relation's classifier", [&] {
    const Classifier start = cache_classifier(support, half_of(support));
    const Classifier given = copy_of(start);
    check_training(subject, given, support);
    require(differ_in_cache_hyperparameters_only(given, start), "the tensors of `start` have changed: work on clones");
  });
  rules.check("leave_one_out() is valid", [&] { check_head_leave_one_out(subject); });
  check_values(subject, rules, [&](const Subject& changed) {
    check_training(changed, cache_classifier(support, half_of(support)), support);
  });
}

}  // namespace trefoil::conformance
