#include <trefoil/head.h>
#include <trefoil/testing.h>

using namespace trefoil::testing;

namespace {

torch::Tensor trained_text(const trefoil::Support& support, double step) {
  trefoil::Classifier start;
  start.text = support.text;
  const trefoil::Channels channels = trefoil::keep_best(support.text.var(/*dim=*/0, /*unbiased=*/true), 8);
  return Made<trefoil::Head>({{"step", step}})->train(start, support, channels).text;
}

}  // namespace

TEST_CASE("a text moves towards its images and keeps its length") {
  const trefoil::Support support = support_of({4, 4, 4});
  const torch::Tensor text = trained_text(support, 0.5);
  const auto nearness = [&](const torch::Tensor& rows) {
    return (rows.index_select(0, support.labels) * support.images).sum().item<double>();
  };
  REQUIRE(nearness(text) > nearness(support.text));
  REQUIRE((text.norm(2, /*dim=*/1) - 1).abs().max().item<double>() < 1e-5);
}

TEST_CASE("a class without images keeps its text") {
  const trefoil::Support support = support_of({4, 0, 4});
  REQUIRE(trained_text(support, 0.5)[1].equal(support.text[1]));
}
