// The relation kernel_ridge: its formula, and its leave-one-out logits against classifiers without each image.
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros_like.h>

#include "search/folds.h"
#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Support;

namespace {

Classifier kernel_ridge(const Support& support, Overrides overrides = {}) {
  return relate("kernel_ridge", support, first_channels(support, 20), std::move(overrides));
}

torch::Tensor leave_one_out(const Support& support, const torch::Tensor& own_gain, Overrides overrides = {}) {
  const auto plugin = make_plugin(trefoil::PluginKind::relation, "kernel_ridge", std::move(overrides), 1);
  return dynamic_cast<const trefoil::Relation&>(*plugin).leave_one_out(support, own_gain);
}

torch::Tensor kernel(const torch::Tensor& a, const torch::Tensor& b, double beta) {
  return ((a.mm(b.t()) - 1) * beta).exp();
}

// The formula of the paper, with a general solver.
torch::Tensor naive(const Support& support, const torch::Tensor& query, double beta, double lambda, double scale) {
  const torch::Tensor labels = torch::one_hot(support.labels, support.class_count()).to(torch::kDouble);
  const torch::Tensor ridge =
      kernel(support.images, support.images, beta) + lambda * torch::eye(support.image_count(), torch::kDouble);
  const torch::Tensor values = torch::linalg_solve(ridge, labels - support.images.mm(support.text.t()));
  return scale * (query.mm(support.text.t()) + lambda * kernel(query, support.images, beta).mm(values));
}

Support no_images() {
  const Support full = small_problem().support;
  return {full.text, full.images.slice(0, 0, 0), full.labels.slice(0, 0, 0)};
}

}  // namespace

TEST_CASE("kernel_ridge computes its formula, in all channels", "[relations]") {
  const SmallProblem problem = small_problem();
  for (const Support& support : {problem.support, ragged_support()}) {
    const Classifier made = kernel_ridge(support, {{"sharpness", 3.0}, {"lambda", 0.2}, {"logit_scale", 7.0}});
    REQUIRE(near(made.logits(problem.test), naive(support, problem.test, 3, 0.2, 7), 1e-9));
    REQUIRE(near(kernel_ridge(support).logits(problem.test), naive(support, problem.test, 2, 0.1, 100), 1e-9));
  }
}

TEST_CASE("kernel_ridge has float32 results in float32 runs, computed in float64", "[relations]") {
  const SmallProblem problem = small_problem();
  const Classifier made = kernel_ridge(to(problem.support, torch::kFloat));
  REQUIRE(made.values.scalar_type() == torch::kFloat);
  REQUIRE(near(made.values.to(torch::kDouble), kernel_ridge(problem.support).values, 1e-4));
}

TEST_CASE("without images, kernel_ridge is zero-shot CLIP", "[relations]") {
  const SmallProblem problem = small_problem();
  const Support none = no_images();
  REQUIRE(near(kernel_ridge(none).logits(problem.test), 100 * problem.test.mm(none.text.t())));
  REQUIRE(leave_one_out(none, torch::ones({0}, torch::kDouble)).sizes() == at::IntArrayRef({0, 5}));
}

TEST_CASE("kernel_ridge computes leave-one-out logits without solving again", "[relations]") {
  for (const Support& support : {small_problem().support, ragged_support()}) {
    for (const double lambda : {1e-6, 0.1, 10.0}) {
      const Overrides parameters = {{"sharpness", 5.0}, {"lambda", lambda}};
      const torch::Tensor fast =
          leave_one_out(support, torch::ones({support.image_count()}, torch::kDouble), parameters);
      for (std::int64_t row = 0; row < support.image_count(); ++row) {
        const Classifier rest = kernel_ridge(trefoil::search::without(support, {row}), parameters);
        const torch::Tensor slow = rest.logits(support.images.slice(0, row, row + 1));
        CAPTURE(lambda, row);
        REQUIRE(near(fast.slice(0, row, row + 1), slow, 1e-8));
      }
    }
  }
}

TEST_CASE("the gain multiplies what the labels of the left-out image's class add", "[relations]") {
  const Support support = ragged_support();
  const torch::Tensor exact = leave_one_out(support, torch::ones({10}, torch::kDouble));
  for (const std::int64_t row : {0, 5, 7, 9}) {
    torch::Tensor gain = torch::ones({10}, torch::kDouble);
    gain[row] = 1.5;
    const Support rest = trefoil::search::without(support, {row});
    const torch::Tensor image = support.images.slice(0, row, row + 1);
    const std::int64_t own = support.labels[row].item<std::int64_t>();
    // Without texts, a classifier has the part of the labels alone.
    const Support labels_alone{torch::zeros_like(rest.text), rest.images, rest.labels};
    torch::Tensor expected = exact.clone();
    expected[row][own] += 0.5 * kernel_ridge(labels_alone).logits(image)[0][own];
    CAPTURE(row);
    REQUIRE(near(leave_one_out(support, gain), expected, 1e-9));
  }
}

TEST_CASE("kernel_ridge solves a support with equal images", "[relations]") {
  const SmallProblem problem = small_problem();
  Support twice = problem.support;
  twice.images = problem.support.images.repeat_interleave(2, 0);
  twice.labels = problem.support.labels.repeat_interleave(2);
  // Two equal images count as one image with half the penalty.
  const Classifier once = kernel_ridge(problem.support, {{"lambda", 0.05}});
  const Classifier made = kernel_ridge(twice, {{"lambda", 0.1}});
  const torch::Tensor of_text = 100 * problem.test.mm(problem.support.text.t());
  REQUIRE(near(made.logits(problem.test) - of_text, 2 * (once.logits(problem.test) - of_text), 1e-8));
  REQUIRE(kernel_ridge(to(twice, torch::kFloat), {{"lambda", 1e-6}}).values.isfinite().all().item<bool>());
}
