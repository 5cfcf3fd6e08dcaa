// The adapter transclip against its formulas, written with loops.
#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include "plain_transclip.h"
#include "support/adapters.h"
#include "support/catch.h"
#include "support/problem.h"

using namespace tests;
using trefoil::Support;

namespace {

Support without_images(const Support& support) {
  return {support.text, support.images.narrow(0, 0, 0), support.labels.narrow(0, 0, 0)};
}

torch::Tensor found(const Support& support, const torch::Tensor& queries, Overrides overrides = {}) {
  return adapted_logits("transclip", zero_shot(support), support, queries, std::move(overrides)).exp();
}

}  // namespace

TEST_CASE("transclip is its formulas, written with loops", "[adapters]") {
  const SmallProblem small = small_problem();
  for (const Support& support : {small.support, ragged_support(), without_images(small.support)}) {
    for (const auto& [k, lambda, gamma] :
         {std::tuple<std::int64_t, double, double>{3, 1, 0.2}, {3, 0.5, 0.002}, {10, 0, 5}, {59, 2, 0.02}}) {
      CAPTURE(support.image_count(), k, lambda, gamma);
      const torch::Tensor expected = plain_transclip(support, small.test, k, lambda, gamma);
      const Overrides overrides = {{"neighbours", k}, {"lambda", lambda}, {"gamma", gamma}};
      REQUIRE(near(found(support, small.test, overrides), expected, 1e-9));
      const torch::Tensor in_float =
          found(to(support, torch::kFloat), small.test.to(torch::kFloat), overrides).to(torch::kDouble);
      REQUIRE(near(in_float, expected, 1e-3));
    }
  }
}

TEST_CASE("transclip does not depend on the order of queries and classes", "[adapters]") {
  const SmallProblem small = small_problem();
  const Support support = ragged_support();
  const torch::Tensor expected = found(support, small.test);
  const torch::Tensor queries = (torch::arange(60) * 7) % 60;
  REQUIRE(near(found(support, small.test.index_select(0, queries)), expected.index_select(0, queries), 1e-9));
  const torch::Tensor classes = torch::tensor({3, 0, 4, 1, 2}, torch::kLong);  // new class c was classes[c]
  const auto [labels, order] = classes.argsort().index_select(0, support.labels).sort(/*stable=*/true, 0, false);
  const Support renamed{support.text.index_select(0, classes), support.images.index_select(0, order), labels};
  REQUIRE(near(found(renamed, small.test), expected.index_select(1, classes), 1e-9));
}

TEST_CASE("transclip works with few, equal and unlikely images", "[adapters]") {
  const SmallProblem small = small_problem();
  const Support none = without_images(small.support);
  const torch::Tensor single = small.test.narrow(0, 0, 1);
  REQUIRE(adapted_logits("transclip", zero_shot(none), none, single).equal(zero_shot(none).logits(single)));
  REQUIRE(found(small.support, single).isfinite().all().item<bool>());
  REQUIRE(near(found(none, single.expand({9, 32})).sum(1), torch::ones({9}, torch::kDouble), 1e-9));
  trefoil::Classifier never = zero_shot(none);
  never.bias = torch::tensor({0.0, 0.0, 0.0, 0.0, -5000.0}, torch::kDouble);
  const torch::Tensor logits = adapted_logits("transclip", never, none, small.test);
  REQUIRE(logits.isfinite().all().item<bool>());
  REQUIRE(logits.argmax(1).max().item<std::int64_t>() < 4);
}
