#include "pipeline/metrics.h"

#include <ATen/ops/tensor.h>

#include "support/catch.h"

using namespace tests;
using namespace trefoil::pipeline;

namespace {

std::vector<std::int64_t> ids(const TopClasses& top) { return top.ids().vec(); }

}  // namespace

TEST_CASE("ranking takes the five best, of equals the lower class", "[pipeline]") {
  const auto top = rank(torch::tensor({1.0, 5.0, 5.0, 0.0, 7.0, -1.0, 5.0}).view({1, 7}));
  REQUIRE(ids(top.at(0)) == std::vector<std::int64_t>{4, 1, 2, 6, 0});
  REQUIRE(top.at(0).logits[0] == 7.0F);
}

TEST_CASE("ranking fewer than five classes gives them all", "[pipeline]") {
  REQUIRE(ids(rank(torch::tensor({1.0, 3.0, 2.0}).view({1, 3})).at(0)) == std::vector<std::int64_t>{1, 2, 0});
}

TEST_CASE("ranking agrees with sorting", "[pipeline]") {
  const torch::Tensor logits =
      torch::tensor({0.3, -2.0, 8.0, 1.0, 1.5, 0.1, 9.0, -7.0, 4.0, 2.0, 6.0, 0.0}).view({2, 6});
  const torch::Tensor sorted = logits.argsort(/*stable=*/true, 1, true);
  const auto top = rank(logits);
  for (std::int64_t row = 0; row < 2; ++row) {
    for (std::int64_t place = 0; place < kTop; ++place) {
      REQUIRE(top.at(static_cast<std::size_t>(row)).classes[static_cast<std::size_t>(place)] ==
              sorted[row][place].item<std::int64_t>());
    }
  }
}

TEST_CASE("metrics count hits, classes and confusions", "[pipeline]") {
  Metrics metrics(3);
  const auto top = rank(torch::tensor({3.0, 2.0, 1.0}).view({1, 3})).at(0);  // 0, 1, 2
  for (std::int64_t query = 0; query < 2; ++query) metrics.add(query, 0, top, std::nullopt);
  for (std::int64_t query = 2; query < 7; ++query) metrics.add(query, 1, top, std::nullopt);
  REQUIRE(metrics.top1() == Approx(200.0 / 7));
  REQUIRE(metrics.top5() == 100);
  REQUIRE(metrics.calibration().queries() == 0);  // none of them had a likelihood
  REQUIRE(metrics.per_class_mean() == 50);        // class 2 has no queries and does not count
  const auto confusion = metrics.confusion();
  REQUIRE(confusion.size() == 2);
  REQUIRE((confusion[1].truth == 1 && confusion[1].predicted == 0 && confusion[1].count == 5));
  REQUIRE(confusion[1].examples == std::vector<std::int64_t>{2, 3, 4});
}

TEST_CASE("metrics of nothing are zero", "[pipeline]") { REQUIRE(Metrics(2).top1() == 0); }
