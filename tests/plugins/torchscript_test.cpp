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

// The features of two images, from a model whose forward method has this body. Its parameter `gain` is 2.
torch::Tensor features_of(const std::string& body, const std::string& output = "",
                          torch::ScalarType type = torch::kFloat) {
  const TemporaryFolder folder;
  torch::jit::Module model("model");
  model.register_parameter("gain", torch::full({1}, 2.0, type), /*is_buffer=*/false);
  model.register_buffer("offset", torch::full({1}, 0.0, type));
  model.define("def forward(self, pixels):\n    means = self.gain * pixels.mean([2, 3]) + self.offset\n" + body);
  model.save((folder / "model.pt").string());
  trefoil::formats::write_npy(folder / "text.npy", torch::arange(6).view({2, 3}).to(torch::kFloat));
  const auto plugin = make_plugin(trefoil::PluginKind::encoder, "torchscript",
                                  {{"model", (folder / "model.pt").string()},
                                   {"trust", true},
                                   {"output", output},
                                   {"text_features", (folder / "text.npy").string()},
                                   {"resolution", std::int64_t{8}}},
                                  1);
  auto& encoder = dynamic_cast<Encoder&>(*plugin);
  encoder.load(torch::kCPU);
  return encoder.encode_images(torch::full({2, 3, 8, 8}, 1.5));
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

TEST_CASE("of a tuple, a list or a dictionary, the tensor with the features is taken", "[torchscript]") {
  const torch::Tensor expected = torch::full({2, 3}, 3.0);
  REQUIRE(features_of("    return (pixels, means)\n").equal(expected));
  REQUIRE(features_of("    return (means, means * 2)\n", "0").equal(expected));
  REQUIRE(features_of("    return (means, means * 2)\n", "1").equal(2 * expected));
  REQUIRE(features_of("    return (means, means[:, :2])\n").equal(expected));
  REQUIRE(features_of("    return (means,)\n").equal(expected));
  REQUIRE(features_of("    return [pixels, means]\n").equal(expected));
  REQUIRE(features_of("    return {'a': means * 2, 'image_embeds': means}\n").equal(expected));
  REQUIRE(features_of("    return {'a': means * 2, 'b': means}\n", "b").equal(expected));
  REQUIRE(features_of("    return {'a': pixels, 'b': means}\n").equal(expected));
}

TEST_CASE("outputs among which no choice is possible are listed", "[torchscript]") {
  const auto failure = [](const std::string& body, const std::string& output = "") {
    try {
      features_of(body, output);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  REQUIRE_THAT(failure("    return (pixels, means, means)\n"),
               ContainsSubstring("model.pt: it returns several tensors: set encoder.output to the one with the image "
                                 "features: 0 [2, 3, 8, 8], 1 [2, 3], 2 [2, 3]"));
  REQUIRE_THAT(failure("    return {'a': means, 'b': means}\n"), ContainsSubstring("a [2, 3], b [2, 3]"));
  REQUIRE_THAT(failure("    return (means, means)\n", "2"),
               ContainsSubstring("no tensor '2', but: 0 [2, 3], 1 [2, 3]"));
  REQUIRE_THAT(failure("    return 3\n"), ContainsSubstring("model.pt: it returns no tensor"));
  REQUIRE_THAT(failure("    return pixels\n"), ContainsSubstring("features of shape [2, 3, 8, 8], expected [2, 3]"));
  REQUIRE_THAT(failure("    return means[:, :2]\n"), ContainsSubstring("features of shape [2, 2], expected [2, 3]"));
}

TEST_CASE("weights of half precision are converted to float32", "[torchscript]") {
  for (const auto type : {torch::kHalf, torch::kBFloat16}) {
    REQUIRE(features_of("    return torch.matmul(means, self.gain.expand(3, 3))\n", "", type)
                .equal(torch::full({2, 3}, 18.0)));
  }
}

TEST_CASE("a program that fails is named with the reason and the cure, in one line", "[torchscript]") {
  const auto require_failure = [](const std::string& body, const std::string& cure) {
    std::string message;
    try {
      features_of(body);
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    REQUIRE_THAT(message, ContainsSubstring("model.pt: its program failed (") && ContainsSubstring(cure));
    REQUIRE(message.find('\n') == std::string::npos);
  };
  require_failure("    return torch.matmul(means.half(), torch.zeros([3, 3]).half())\n", "save it in float32");
  require_failure("    return means + torch.zeros([3], device=torch.device('cuda:0'))\n", "move the model to the CPU");
  require_failure("    return torch.matmul(means, torch.zeros([5, 3]))\n", "check encoder.resolution");
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
  const auto endless = make_torchscript_encoder(folder, "/dev/zero");
  REQUIRE_THROWS_WITH(dynamic_cast<const Encoder&>(*endless).class_features({"dog"}),
                      ContainsSubstring("/dev/zero: the file cannot be read"));
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
