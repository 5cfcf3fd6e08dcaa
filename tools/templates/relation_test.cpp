#include <trefoil/relation.h>
#include <trefoil/testing.h>

using namespace trefoil::testing;

namespace {

trefoil::Classifier relate(const trefoil::Support& support, double alpha) {
  const trefoil::Channels channels = trefoil::keep_best(support.text.var(/*dim=*/0, /*unbiased=*/true), 8);
  return Made<trefoil::Relation>({{"alpha", alpha}})->relate(support, channels);
}

}  // namespace

TEST_CASE("every class with images has one key") {
  const trefoil::Classifier classifier = relate(support_of({4, 0, 2}), 2);
  REQUIRE(classifier.key_count() == 2);
  REQUIRE(classifier.keys.size(1) == 8);
}

TEST_CASE("images of a class raise its logit most") {
  const trefoil::Support support = support_of({4, 4, 4});
  const torch::Tensor gain = relate(support, 2).logits(support.images) - relate(support, 0).logits(support.images);
  REQUIRE(gain.argmax(/*dim=*/1).equal(support.labels));
}
