#include <trefoil/selector.h>
#include <trefoil/testing.h>

using namespace trefoil::testing;

TEST_CASE("a channel that is equal in all classes has the lowest score") {
  trefoil::Support support = support_of({4, 4, 4});
  support.text.select(/*dim=*/1, 0).fill_(0.5F);
  support.images.select(/*dim=*/1, 0).fill_(0.5F);
  Made<trefoil::Selector> selector;
  const torch::Tensor score = selector->score(support);
  REQUIRE(score.argmin().item<std::int64_t>() == 0);
  REQUIRE(selector.host.metrics.at("largest_score") == score.max().item<double>());
}

TEST_CASE("without images the scores come from the texts") {
  const trefoil::Support support = support_of({0, 0, 0});
  REQUIRE(Made<trefoil::Selector>()->score(support).equal(support.text.var(/*dim=*/0, /*unbiased=*/true)));
}
