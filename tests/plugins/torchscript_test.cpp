// The encoder plugin `torchscript`.
#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <torch/csrc/jit/api/module.h>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

std::unique_ptr<trefoil::Plugin> make_torchscript_encoder(const TemporaryFolder& folder, const std::string& names = "",
                                                          bool trust = true) {
  torch::jit::Module model("model");
  model.register_parameter("gain", torch::full({1}, 2.0), /*is_buffer=*/false);
  model.define("def forward(self, pixels):\n    return self.gain * pixels.mean([2, 3])\n");
  model.save((folder / "model.pt").string());
  trefoil::formats::write_npy(folder / "text.npy", torch::arange(6).view({2, 3}).to(torch::kHalf));
  return make_plugin(trefoil::PluginKind::encoder, "torchscript",
                     {{"model", (folder / "model.pt").string()},
                      {"trust", trust},
                      {"text_features", (folder / "text.npy").string()},
                      {"text_names", names},
                      {"resolution", std::int64_t{8}},
                      {"mean", std::string("0.5 0 0.25")}},
                     1);
}

}  // namespace

TEST_CASE("a scripted model encodes images", "[torchscript]") {
  const TemporaryFolder folder;
  const auto plugin = make_torchscript_encoder(folder);
  auto& encoder = dynamic_cast<Encoder&>(*plugin);
  encoder.load(torch::kCPU);
  REQUIRE(encoder.width() == 3);
  REQUIRE(encoder.pixel_format().resolution == 8);
  REQUIRE(encoder.pixel_format().mean == std::array<float, 3>{0.5F, 0.0F, 0.25F});
  REQUIRE(encoder.pixel_format().deviation == trefoil::PixelFormat().deviation);
  const torch::Tensor features = encoder.encode_images(torch::full({4, 3, 8, 8}, 1.5));
  REQUIRE(features.equal(torch::full({4, 3}, 3.0)));
  REQUIRE_FALSE(features.requires_grad());
}

TEST_CASE("the program of a model runs only when the user trusts it", "[torchscript]") {
  const TemporaryFolder folder;
  const auto plugin = make_torchscript_encoder(folder, "", /*trust=*/false);
  REQUIRE_THROWS_WITH(dynamic_cast<Encoder&>(*plugin).load(torch::kCPU),
                      ContainsSubstring("model.pt: ") && ContainsSubstring("encoder.trust = true"));
}

TEST_CASE("class features come by order, or by name", "[torchscript]") {
  const TemporaryFolder folder;
  const auto by_order = make_torchscript_encoder(folder);
  const auto& encoder = dynamic_cast<const Encoder&>(*by_order);
  REQUIRE(encoder.class_features({"dog", "cat"}).equal(torch::arange(6).view({2, 3}).to(torch::kFloat)));
  REQUIRE_THROWS_WITH(encoder.class_features({"dog"}),
                      ContainsSubstring("number of rows (2) differs from the number of classes (1)"));
  const auto by_name = make_torchscript_encoder(folder, folder.write("names.txt", "cat\ndog\n").string());
  const auto& named = dynamic_cast<const Encoder&>(*by_name);
  REQUIRE(named.class_features({"dog"})[0][0].item<double>() == 3);
  REQUIRE_THROWS_WITH(named.class_features({"cow"}), ContainsSubstring("there is no class 'cow'"));
}

TEST_CASE("an archive that cannot be read, and numbers that are none, are refused", "[torchscript]") {
  const TemporaryFolder folder;
  const auto plugin = make_torchscript_encoder(folder);
  folder.write("model.pt", "nothing");
  REQUIRE_THROWS_WITH(dynamic_cast<Encoder&>(*plugin).load(torch::kCPU),
                      ContainsSubstring("model.pt: it cannot be read as a TorchScript archive"));
  for (const char* mean : {"", "1 2", "1 2 3 4", "a b c"}) {
    CAPTURE(mean);
    REQUIRE_THROWS_WITH(
        make_plugin(trefoil::PluginKind::encoder, "torchscript",
                    {{"model", std::string("x")}, {"text_features", std::string("x")}, {"mean", std::string(mean)}}, 1),
        ContainsSubstring("encoder.mean must be three numbers"));
  }
}
