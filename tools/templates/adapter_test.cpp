#include <trefoil/adapter.h>
#include <trefoil/testing.h>

using namespace trefoil::testing;

namespace {

torch::Tensor adapted_text(const trefoil::Support& support, double step) {
  trefoil::Classifier classifier;
  classifier.text = support.text;
  const trefoil::Channels channels = trefoil::keep_best(support.text.var(/*dim=*/0, /*unbiased=*/true), 8);
  const RowQueries queries(support.images);  // as if they were images to classify
  return Made<trefoil::Adapter>({{"step", step}})->adapt(classifier, support, channels, queries).classifier.text;
}

}  // namespace

TEST_CASE("a text moves towards the queries of its class and keeps its length") {
  const trefoil::Support support = support_of({4, 4, 4});
  const torch::Tensor text = adapted_text(support, 0.5);
  const auto nearness = [&](const torch::Tensor& rows) {
    return (rows.index_select(0, support.labels) * support.images).sum().item<double>();
  };
  REQUIRE(nearness(text) > nearness(support.text));
  REQUIRE((text.norm(2, /*dim=*/1) - 1).abs().max().item<double>() < 1e-5);
}

TEST_CASE("without a step nothing changes") {
  const trefoil::Support support = support_of({4, 4, 4});
  REQUIRE((adapted_text(support, 0) - support.text).abs().max().item<double>() < 1e-6);
}
