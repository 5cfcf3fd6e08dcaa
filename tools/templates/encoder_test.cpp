#include <ATen/ops/ones.h>
#include <trefoil/encoder.h>
#include <trefoil/testing.h>

using namespace trefoil::testing;

TEST_CASE("an image of one colour has that colour in every field") {
  Made<trefoil::Encoder> encoder;
  encoder->load(torch::kCPU);
  const std::int64_t side = encoder->pixel_format().resolution;
  const torch::Tensor feature = encoder->encode_images(torch::ones({1, 3, side, side}));
  REQUIRE(feature.size(1) == encoder->width());
  REQUIRE((feature - 1).abs().max().item<double>() < 1e-6);
}

TEST_CASE("texts with equal words have equal features, and other texts have not") {
  Made<trefoil::Encoder> encoder;
  encoder->load(torch::kCPU);
  const torch::Tensor features = encoder->encode_texts({"red dog", "dog red", "red cat"});
  REQUIRE(features[0].equal(features[1]));
  REQUIRE_FALSE(features[0].equal(features[2]));
}
