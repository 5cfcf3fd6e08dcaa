#include "pipeline/collapse.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "support/catch.h"
#include "support/problem.h"

using namespace tests;
using trefoil::pipeline::Collapse;
using trefoil::pipeline::FeatureClusters;

namespace {

constexpr std::int64_t kClasses = 4;

Collapse measure_collapse(const torch::Tensor& features, const torch::Tensor& labels, const torch::Tensor& vectors,
                          const torch::Tensor& predicted) {
  return FeatureClusters(features, labels, vectors.size(0)).measure(vectors, predicted);
}

torch::Tensor three_each() { return torch::arange(kClasses).repeat_interleave(3); }

}  // namespace

TEST_CASE("at the end of training every figure is zero", "[pipeline]") {
  const torch::Tensor simplex = torch::eye(kClasses, torch::kDouble) * 3 + 0.5;  // centred: a simplex
  const torch::Tensor labels = three_each();
  const Collapse collapse = measure_collapse(simplex.index_select(0, labels), labels, simplex * 7 - 2, labels);
  REQUIRE(collapse.within == Approx(0).margin(1e-12));
  REQUIRE(collapse.norms == Approx(0).margin(1e-12));
  REQUIRE(collapse.angles == Approx(0).margin(1e-12));
  REQUIRE(collapse.duality == Approx(0).margin(1e-12));
  REQUIRE(collapse.disagreement == 0);
  REQUIRE(collapse.classes == kClasses);
  REQUIRE(collapse.images == 12);
}

TEST_CASE("spread within classes counts against that between them, whatever the scale", "[pipeline]") {
  // Two classes on a line at ±1 (Σ_B = 1), each image 0.5 away from its mean (Σ_W = 0.25): 0.25 / 1 / 2 classes.
  const torch::Tensor line = torch::tensor({0.5, 1.5, -0.5, -1.5}, torch::kDouble).unsqueeze(1);
  const torch::Tensor labels = torch::tensor({0, 0, 1, 1}, torch::kLong);
  const torch::Tensor vectors = torch::tensor({1.0, -1.0}, torch::kDouble).unsqueeze(1);
  for (const double scale : {1.0, 10.0}) {
    REQUIRE(measure_collapse(line * scale + 5, labels, vectors, labels).within == Approx(0.125));
  }
}

TEST_CASE("means, classifier and predictions that differ are told", "[pipeline]") {
  const torch::Tensor means = torch::tensor({2.0, 0.0, -1.0, 0.0, -1.0, 0.0}, torch::kDouble).view({3, 2});
  const torch::Tensor labels = torch::tensor({0, 1, 2}, torch::kLong);
  const torch::Tensor turned = torch::tensor({0.0, 2.0, 0.0, -1.0, 0.0, -1.0}, torch::kDouble).view({3, 2});
  const Collapse collapse = measure_collapse(means, labels, turned, torch::tensor({0, 1, 0}, torch::kLong));
  REQUIRE(collapse.norms == Approx(std::sqrt(2.0 / 9) / (4.0 / 3)));  // norms 2, 1, 1
  REQUIRE(collapse.angles == Approx((2 * 0.5 + 1.5) / 3));            // cosines −1, −1, 1 against −1/2
  REQUIRE(collapse.duality == Approx(2));                             // at right angles
  REQUIRE(collapse.disagreement == Approx(1.0 / 3));                  // the third, whose nearest mean is class 1's
}

TEST_CASE("classes without images, and too few classes", "[pipeline]") {
  const trefoil::Support ragged = ragged_support();
  const Collapse collapse = measure_collapse(ragged.images, ragged.labels, ragged.text, ragged.labels);
  REQUIRE(collapse.classes == 4);
  REQUIRE(collapse.within > 0);
  const torch::Tensor one = torch::zeros({3}, torch::kLong);
  REQUIRE(measure_collapse(ragged.images.slice(0, 0, 3), one, ragged.text, one).within == 0);
}
