#include "trefoil/channels.h"

#include <ATen/ops/tensor.h>

#include "support/catch.h"

using namespace tests;

TEST_CASE("the best channels are kept, best first, and of equals the lower", "[method]") {
  const torch::Tensor score = torch::tensor({0.5, 2.0, 0.5, 2.0, 1.0});
  const trefoil::Channels channels = trefoil::keep_best(score, 4);
  REQUIRE(channels.index.equal(torch::tensor({1, 3, 4, 0}, torch::kLong)));
  REQUIRE(channels.kept() == 4);
  REQUIRE(channels.width() == 5);
  REQUIRE_FALSE(channels.all());
}

TEST_CASE("keeping none or too many names D", "[method]") {
  const torch::Tensor score = torch::tensor({1.0, 2.0});
  REQUIRE_THROWS_WITH(trefoil::keep_best(score, 3), ContainsSubstring("D = 2"));
  REQUIRE_THROWS_WITH(trefoil::keep_best(score, 0), ContainsSubstring("1 to 2"));
}

TEST_CASE("rows are restricted in the order of the channels", "[method]") {
  const trefoil::Channels channels = trefoil::keep_best(torch::tensor({1.0, 3.0, 2.0}), 2);
  REQUIRE(trefoil::restrict_to(torch::tensor({10.0, 20.0, 30.0}).view({1, 3}), channels)
              .flatten()
              .equal(torch::tensor({20.0, 30.0})));
}
