// The released formats of CLIP, with expected tokens, pixels and features. The material lies beside the checkout on
// some machines only.
#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/empty.h>

#include <nlohmann/json.hpp>

#include "features/pixels.h"
#include "formats/image_decode.h"
#include "formats/view.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/shared.h"
#include "trefoil/encoder.h"
#include "trefoil/tensor_file.h"

using namespace tests;
using nlohmann::json;
using trefoil::Encoder;

namespace {

struct Golden {
  explicit Golden(const std::string& name)
      : folder(shared_folder() / "golden/clip"),
        expected(json::parse(read(folder / (name + ".json")))),
        pixels(trefoil::read_tensor(folder / (name + "_pixels.npy"))),
        tokens(trefoil::read_tensor(folder / (name + "_tokens.npy")).to(torch::kLong)),
        image_features(trefoil::read_tensor(folder / (name + "_image_features.npy")).to(torch::kFloat)),
        text_features(trefoil::read_tensor(folder / (name + "_text_features.npy")).to(torch::kFloat)) {}

  std::filesystem::path folder;
  json expected;
  torch::Tensor pixels;
  torch::Tensor tokens;
  torch::Tensor image_features;
  torch::Tensor text_features;
};

double least_cosine(const torch::Tensor& left, const torch::Tensor& right) {
  return at::cosine_similarity(left.to(torch::kDouble), right.to(torch::kDouble), 1).min().item<double>();
}

torch::Tensor photo_pixels(const Golden& golden, const std::string& image, const trefoil::PixelFormat& format) {
  const std::string bytes = trefoil::formats::read_image_file(golden.folder / "images" / image);
  torch::Tensor pixels = torch::empty({1, 3, format.resolution, format.resolution});
  trefoil::features::PixelWriter(format).write(
      trefoil::formats::clip_crop(trefoil::formats::decode(bytes), format.resolution), pixels.data_ptr<float>());
  return pixels;
}

void check_images(const Golden& golden, const Encoder& encoder) {
  REQUIRE(encoder.pixel_format().resolution == golden.expected.at("input_resolution"));
  CHECK(least_cosine(encoder.encode_images(golden.pixels), golden.image_features) >= 0.99999);
  std::int64_t row = 0;
  for (const std::string image : golden.expected.at("images")) {
    CAPTURE(image);
    const torch::Tensor pixels = photo_pixels(golden, image, encoder.pixel_format());
    if (image.find(".png") != std::string::npos) CHECK(pixels[0].equal(golden.pixels[row]));
    CHECK(least_cosine(encoder.encode_images(pixels), golden.image_features.narrow(0, row, 1)) >= 0.9999);
    ++row;
  }
}

void check_golden(const std::string& name, const std::string& weights, const std::string& kernels) {
  const Golden golden(name);
  CAPTURE(weights, kernels);
  const auto plugin =
      make_plugin(trefoil::PluginKind::encoder, "clip",
                  {{"weights", (golden.folder / weights).string()},
                   {"vocabulary", (shared_folder() / "data/clip/bpe_simple_vocab_16e6.txt.gz").string()},
                   {"kernels", kernels}},
                  1);
  auto& encoder = dynamic_cast<Encoder&>(*plugin);
  encoder.load(torch::kCPU);
  REQUIRE(encoder.width() == golden.expected.at("embed_dim"));
  const std::vector<std::string> texts = golden.expected.at("texts");
  CHECK(encoder.tokens(texts).equal(golden.tokens));
  CHECK(least_cosine(encoder.encode_texts(texts), golden.text_features) >= 0.99999);
  check_images(golden, encoder);
}

}  // namespace

TEST_CASE("a ViT in OpenAI's archive, Hugging Face's and open_clip's safetensors", "[clip_golden]") {
  if (shared_folder_is_absent()) return;
  for (const char* kernels : {"packed", "plain"}) {
    for (const char* weights : {"vit.pt", "vit_hf.safetensors", "vit_openclip.safetensors"}) {
      check_golden("vit", weights, kernels);
    }
  }
}

TEST_CASE("a ResNet in OpenAI's archive", "[clip_golden]") {
  if (shared_folder_is_absent()) return;
  for (const char* kernels : {"packed", "plain"}) check_golden("rn", "rn.pt", kernels);
}
