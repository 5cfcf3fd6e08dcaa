#include "trefoil/support.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "data/support_set.h"
#include "support/catch.h"
#include "support/problem.h"

using namespace tests;
using trefoil::Support;

TEST_CASE("class sums and counts, with a class that has no rows", "[method]") {
  const torch::Tensor rows = torch::tensor({1.0, 2.0, 3.0, 4.0, 5.0, 6.0}).view({3, 2});
  const torch::Tensor labels = torch::tensor({2, 0, 2}, torch::kLong);
  REQUIRE(trefoil::class_counts(labels, 4).equal(torch::tensor({1, 0, 2, 0}, torch::kLong)));
  REQUIRE(
      trefoil::class_sums(rows, labels, 4).equal(torch::tensor({3.0, 4.0, 0.0, 0.0, 6.0, 8.0, 0.0, 0.0}).view({4, 2})));
}

TEST_CASE("unit rows have unit length, and a zero row stays zero", "[method]") {
  const torch::Tensor rows = trefoil::unit_rows(torch::tensor({3.0, 4.0, 0.0, 0.0}).view({2, 2}));
  REQUIRE(rows.allclose(torch::tensor({0.6, 0.8, 0.0, 0.0}).view({2, 2})));
}

TEST_CASE("the support is sorted by class and keeps the first shots", "[data]") {
  const torch::Tensor images = torch::tensor({1.0, 2.0, 3.0, 4.0, 5.0}).view({5, 1});
  const torch::Tensor labels = torch::tensor({1, 0, 1, 0, 1}, torch::kLong);
  const torch::Tensor text = torch::zeros({3, 1});
  const Support all = trefoil::data::make_support(text, images, labels, 0);
  REQUIRE(all.images.flatten().equal(torch::tensor({2.0, 4.0, 1.0, 3.0, 5.0})));
  REQUIRE(all.labels.equal(torch::tensor({0, 0, 1, 1, 1}, torch::kLong)));
  const Support two = trefoil::data::make_support(text, images, labels, 2);
  REQUIRE(two.images.flatten().equal(torch::tensor({2.0, 4.0, 1.0, 3.0})));
}

TEST_CASE("the text of a class without one is estimated from its mean image", "[data]") {
  Support support = small_problem().support;
  const torch::Tensor mean = trefoil::class_sums(support.images, support.labels, 5) / 4;
  const torch::Tensor texts = support.text.slice(0, 0, 4) - support.text.slice(0, 0, 4).mean(0);
  const torch::Tensor images = mean.slice(0, 0, 4) - mean.slice(0, 0, 4).mean(0);
  const torch::Tensor slope = (texts * images).sum() / images.square().sum();
  const torch::Tensor expected = support.text.slice(0, 0, 4).mean(0) + slope * (mean[4] - mean.slice(0, 0, 4).mean(0));
  support.text[4].zero_();
  const std::string note = trefoil::data::fill_missing_text(support, {"a", "b", "c", "d", "e"});
  REQUIRE(support.text[4].allclose(trefoil::unit_rows(expected.unsqueeze(0))[0]));
  REQUIRE_THAT(note, ContainsSubstring("1 of 5"));
}

TEST_CASE("texts that are a scaled copy of the mean images are estimated exactly", "[data]") {
  Support support = small_problem().support;
  const torch::Tensor mean = trefoil::class_sums(support.images, support.labels, 5) / 4;
  support.text = 0.3 * mean + normal_numbers({32}, 8);
  const torch::Tensor truth = trefoil::unit_rows(support.text.slice(0, 2, 3)).clone();
  support.text[2].zero_();
  trefoil::data::fill_missing_text(support, {"a", "b", "c", "d", "e"});
  REQUIRE(support.text.slice(0, 2, 3).allclose(truth));
}

TEST_CASE("without any text the mean images are used as they are, and a class with nothing is named", "[data]") {
  Support support = ragged_support();
  support.text.zero_();
  const std::string note = trefoil::data::fill_missing_text(support, {"a", "b", "c", "d", "e"});
  const torch::Tensor mean = trefoil::class_sums(support.images, support.labels, 5);
  REQUIRE(support.text.allclose(trefoil::unit_rows(mean)));
  REQUIRE_THAT(note, ContainsSubstring("1 class has neither text nor images") && ContainsSubstring(": d"));
}

TEST_CASE("images of a class without any are estimated from its text, as many as the others have", "[data]") {
  Support support = ragged_support();  // 4, 3, 1, 0 and 2 shots
  const Support given = support;
  const std::string note = trefoil::data::fill_missing_images(support, (support.text != 0).any(1));
  REQUIRE_THAT(
      note, ContainsSubstring("1 of 5 classes has no images") && ContainsSubstring("3 image features are estimated"));
  REQUIRE(support.labels.equal(torch::tensor({0, 0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 4}, torch::kLong)));
  REQUIRE(support.images.slice(0, 0, 8).equal(given.images.slice(0, 0, 8)));
  REQUIRE(support.images.slice(0, 11, 13).equal(given.images.slice(0, 8, 10)));
  REQUIRE(support.images[8].equal(support.images[10]));
  REQUIRE(support.images[8].norm().item<double>() == Approx(1));
}

TEST_CASE("mean images that are a scaled copy of the texts are estimated exactly", "[data]") {
  Support support = ragged_support();
  const torch::Tensor offset = normal_numbers({32}, 8);
  support.images = 0.5 * support.text.index_select(0, support.labels) + offset;
  const torch::Tensor expected = trefoil::unit_rows(0.5 * support.text.slice(0, 3, 4) + offset);
  trefoil::data::fill_missing_images(support, (support.text != 0).any(1));
  REQUIRE(support.images.slice(0, 8, 9).allclose(expected));
}

TEST_CASE("estimated images have views, and nothing is estimated without any image", "[data]") {
  Support support = ragged_support();
  support.views = torch::stack({support.images, support.images});
  trefoil::data::fill_missing_images(support, (support.text != 0).any(1));
  REQUIRE(support.views[1].equal(support.images));
  Support none = ragged_support();
  none.images = none.images.slice(0, 0, 0);
  none.labels = none.labels.slice(0, 0, 0);
  REQUIRE_THAT(trefoil::data::fill_missing_images(none, (none.text != 0).any(1)),
               ContainsSubstring("nothing to estimate"));
  REQUIRE(none.image_count() == 0);
}
