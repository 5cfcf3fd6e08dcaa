#include "conformance/kinds.h"
#include "conformance/problems.h"
#include "runtime/instance.h"
#include "trefoil/channels.h"
#include "trefoil/selector.h"

namespace trefoil::conformance {

namespace {

torch::Tensor score(TestedPlugin<Selector>& selector, const Support& support) {
  torch::Tensor result = selector.call("score", [&](const Selector& object) { return object.score(support); });
  runtime::check_score(result, support.width(), selector.label());
  return result;
}

torch::Tensor score(const Subject& subject, const Support& support, int threads = 1) {
  TestedPlugin<Selector> selector(subject, threads);
  return score(selector, support);
}

}  // namespace

// Each rule uses a new support, so that a plugin that modifies it breaks only one rule.
void check_selector(const Subject& subject, Rules& rules) {
  rules.check(ordinary_problem().name, [&] {
    const Support support = ordinary_problem().support;
    const torch::Tensor scores = score(subject, support);
    for (const std::int64_t q : {std::int64_t{1}, support.width()}) keep_best(scores, q);
  });
  for (const Problem& problem : unusual_problems())
    rules.check(problem.name, [&] { return allowing_refusal([&] { score(subject, problem.support); }); });
  rules.check("does not modify the support", [&] {
    const Support support = ordinary_problem().support;
    score(subject, support);
    require_unchanged(support, ordinary_problem().support);
  });
  rules.check("gives the same scores again", [&] {
    const Support support = ordinary_problem().support;
    TestedPlugin<Selector> selector(subject);
    const torch::Tensor first = score(selector, support).clone();
    require_equal(score(selector, support), first, "scores of the same object");
    require_equal(score(subject, support), first, "scores of another object");
  });
  rules.check("gives the same scores with two threads", [&] {
    require_equal(score(subject, ordinary_problem().support, 2), score(subject, ordinary_problem().support, 1),
                  "scores");
  });
  check_values(subject, rules, [&](const Subject& changed) { score(changed, ordinary_problem().support); });
}

}  // namespace trefoil::conformance
