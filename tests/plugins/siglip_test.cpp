// The encoder plugin `clip` on a small SigLIP model.
#include <ATen/ops/allclose.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <nlohmann/json.hpp>

#include "encoders/clip/architecture.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/siglip_model.h"
#include "support/siglip_reference.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

class SiglipModel {
 public:
  SiglipModel() { write_siglip(folder_ / "m"); }

  const TemporaryFolder& folder() const { return folder_; }

  std::unique_ptr<trefoil::Plugin> load(Overrides overrides = {}) const {
    overrides.emplace_back("weights", (folder_ / "m").string());
    overrides.emplace_back("vocabulary", (folder_ / "m").string());
    auto plugin = make_plugin(trefoil::PluginKind::encoder, "clip", overrides, 1);
    dynamic_cast<Encoder&>(*plugin).load(torch::kCPU);
    return plugin;
  }

  std::string failure() const {
    try {
      load();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }

 private:
  TemporaryFolder folder_;
};

const Encoder& encoder_of(const std::unique_ptr<trefoil::Plugin>& plugin) {
  return dynamic_cast<const Encoder&>(*plugin);
}

torch::Tensor siglip_pixels(std::int64_t images, std::uint32_t seed = 5) {
  constexpr std::int64_t kSide = SmallSiglip::resolution;
  return normal_numbers({images, 3, kSide, kSide}, seed).to(torch::kFloat);
}

torch::Tensor row_of(const std::vector<double>& values) {
  return torch::tensor(values, torch::kDouble).to(torch::kFloat).view({1, -1});
}

// The features of siglip_pixels(1), and of the ids 4 5 1 1 1 1 1 1. A NumPy program computed them with double
// precision.
const std::vector<double> kImageFeature = {
    0.4628325,  1.1202381,  -0.2715820, 1.0338718,  -0.3513294, -0.1643938, 0.0317515,  0.1862614,
    0.3533553,  -0.8587442, -0.1755111, -0.3362651, -1.5063223, -0.5364382, 0.7207100,  1.1576709,
    0.3028825,  -0.3529552, 1.3884123,  0.0137835,  0.9402631,  -0.2170655, -0.0608306, -0.6814294,
    -0.6421333, -0.8257135, 0.8474209,  1.1446891,  -0.0860515, 0.5536670,  1.7518879,  2.5461849,
    0.4252216,  -1.3344981, 1.1672596,  0.1491235,  0.9019248,  0.3322881,  -0.5679910, 0.3187784,
    1.1811341,  -1.6700191, -0.9535539, 0.9464725,  0.1664877,  0.8924209,  1.2724163,  -1.0794264,
    0.0546323,  -1.9272673, 0.7556125,  -0.5662155, -1.1141304, -1.1955000, -0.5078858, -1.1209572,
    -0.1772465, -0.9845813, -0.0660978, -0.3681311, 2.1727574,  1.4231539,  0.7779363,  0.8079363};
const std::vector<double> kTextFeature = {
    -0.8712830, 0.5335961,  -1.2714756, -0.0106987, 0.4045190,  -0.3031188, 1.2841138,  -1.1850787,
    -1.5274987, 0.7007340,  1.0999750,  -0.4376506, 0.5168295,  0.0402157,  -0.0573252, -0.1808349,
    0.7521151,  -0.1940294, -1.3580703, -0.8355200, 0.2923633,  0.1421629,  -0.2469457, 0.5319176,
    0.7659623,  0.6602404,  0.0591098,  0.9965364,  0.3021576,  -0.3369916, -1.5094565, 0.5119050,
    -0.3527850, -1.0427063, -0.9235978, 0.6135247,  -1.4109532, -0.4070584, -2.0694382, 0.3665650,
    0.0878984,  -0.2684078, 0.0696548,  -1.3108496, -0.2838458, -0.5942383, 1.5914870,  -1.2367064,
    1.4380737,  1.8820619,  0.6590932,  0.4175990,  0.3959056,  0.5501556,  1.5512787,  2.4080189,
    -0.2460045, -0.3342948, -0.2376940, 1.2746913,  1.2193334,  0.2403189,  0.3908819,  0.1312587};

}  // namespace

TEST_CASE("features of SigLIP are those of plain loops and of NumPy", "[clip]") {
  const SiglipModel model;
  const NamedTensors tensors = small_siglip();
  const torch::Tensor pixels = siglip_pixels(1);
  const std::vector<double> image = siglip_image_feature(tensors, pixels[0]);
  const std::vector<double> text = siglip_text_feature(tensors, {4, 5, 1, 1, 1, 1, 1, 1});
  REQUIRE(at::allclose(row_of(image), row_of(kImageFeature), 0, 1e-6));
  REQUIRE(at::allclose(row_of(text), row_of(kTextFeature), 0, 1e-6));
  for (const char* kernels : {"packed", "plain"}) {
    CAPTURE(kernels);
    const auto plugin = model.load({{"kernels", std::string(kernels)}});
    REQUIRE(encoder_of(plugin).width() == SmallSiglip::width);
    REQUIRE(at::allclose(encoder_of(plugin).encode_images(pixels), row_of(image), 1e-4, 1e-4));
    REQUIRE(at::allclose(encoder_of(plugin).encode_texts({"A dog!"}), row_of(text), 1e-4, 1e-4));
  }
}

TEST_CASE("a feature of SigLIP does not depend on the others of the call, to the bit", "[clip]") {
  const SiglipModel model;
  const auto plugin = model.load();
  const Encoder& encoder = encoder_of(plugin);
  const torch::Tensor pixels = siglip_pixels(5);
  const torch::Tensor together = encoder.encode_images(pixels);
  const std::vector<std::string> texts = {"a dog", "", "the cat", "a far longer text than the context", "dog"};
  const torch::Tensor of_texts = encoder.encode_texts(texts);
  for (std::int64_t i = 0; i < 5; ++i) {
    CAPTURE(i);
    REQUIRE(encoder.encode_images(pixels.narrow(0, i, 1)).equal(together.narrow(0, i, 1)));
    REQUIRE(encoder.encode_texts({texts[static_cast<std::size_t>(i)]}).equal(of_texts.narrow(0, i, 1)));
  }
}

TEST_CASE("SigLIP with open_clip's names and configuration gives the same features", "[clip]") {
  const SiglipModel model;
  const auto expected = model.load();
  for (const char* file : {"model.safetensors", "config.json", "preprocessor_config.json"})
    std::filesystem::remove(model.folder() / "m" / file);
  write_tensors(model.folder() / "m/open_clip_model.safetensors", as_open_clip_siglip(small_siglip()));
  model.folder().write("m/open_clip_config.json",
                       R"({"model_cfg": {"vision_cfg": {"image_size": 28, "timm_model_name": "vit", "timm_pool": "map"},
                                         "text_cfg": {"heads": 3, "no_causal_mask": true, "pool_type": "last"}},
                           "preprocess_cfg": {"resize_mode": "squash", "interpolation": "bilinear"}})");
  const auto plugin = model.load({{"heads", std::int64_t{4}}});
  REQUIRE(
      encoder_of(plugin).encode_images(siglip_pixels(2)).equal(encoder_of(expected).encode_images(siglip_pixels(2))));
  REQUIRE(encoder_of(plugin).encode_texts({"a cat"}).equal(encoder_of(expected).encode_texts({"a cat"})));
  REQUIRE(encoder_of(plugin).pixel_format().interpolation == trefoil::Interpolation::bilinear);
  model.folder().write("m/open_clip_config.json", R"({"preprocess_cfg": {"resize_mode": "longest"}})");
  REQUIRE_THAT(model.failure(), ContainsSubstring("the 'resize_mode' 'longest' is not supported"));
}

TEST_CASE("SigLIP sees whole images, scaled as its configuration says", "[clip]") {
  const SiglipModel model;
  const auto format = [&](const Overrides& overrides = {}) { return encoder_of(model.load(overrides)).pixel_format(); };
  REQUIRE(format().resolution == SmallSiglip::resolution);
  REQUIRE(format().mean == std::array<float, 3>{0.5F, 0.5F, 0.5F});
  REQUIRE(format().framing == trefoil::Framing::squash);
  REQUIRE(format().interpolation == trefoil::Interpolation::bilinear);
  REQUIRE(format({{"framing", std::string("crop")}}).framing == trefoil::Framing::crop);
  REQUIRE(format({{"interpolation", std::string("bicubic")}}).interpolation == trefoil::Interpolation::bicubic);
  std::filesystem::remove(model.folder() / "m/preprocessor_config.json");
  REQUIRE(format().deviation == std::array<float, 3>{0.5F, 0.5F, 0.5F});
  REQUIRE(format().framing == trefoil::Framing::squash);
  REQUIRE(format().interpolation == trefoil::Interpolation::bicubic);
}

TEST_CASE("texts of SigLIP end with the end token, and are padded with it", "[clip]") {
  const SiglipModel model;
  const auto plugin = model.load();
  const auto ids = [&](const std::string& text) {
    const torch::Tensor tokens = encoder_of(plugin).tokens({text});
    return std::vector<std::int64_t>(tokens.data_ptr<std::int64_t>(), tokens.data_ptr<std::int64_t>() + tokens.numel());
  };
  using TokenIds = std::vector<std::int64_t>;
  REQUIRE(ids("A dog!") == TokenIds{4, 5, 1, 1, 1, 1, 1, 1});
  REQUIRE(ids("") == TokenIds(8, 1));
  REQUIRE(ids("cats") == TokenIds{6, 20, 1, 1, 1, 1, 1, 1});
  REQUIRE(ids("a a a a a a a") == TokenIds{4, 4, 4, 4, 4, 4, 4, 1});
  REQUIRE(ids("a a a a a a a a dog") == TokenIds{4, 4, 4, 4, 4, 4, 4, 1});  // cut
}

TEST_CASE("heads of SigLIP come from the configuration or the released widths", "[clip]") {
  const auto weights = [](std::int64_t width) {
    return clip::Weights({{"text_projection", torch::ones({width, width})},
                          {"positional_embedding", torch::ones({64, width})},
                          {"token_embedding.weight", torch::ones({2, width})},
                          {"visual.pool.probe", torch::ones({1, 1, width})},
                          {"visual.conv1.weight", torch::ones({width, 3, 14, 14})},
                          {"visual.positional_embedding", torch::ones({256, width})}},
                         "model.safetensors", "safetensors file");
  };
  for (const auto& [width, heads] : {std::pair(768, 12), {1024, 16}, {1152, 16}, {1536, 16}}) {
    const clip::Architecture sizes = clip::read_architecture(weights(width), {});
    REQUIRE(sizes.vision.transformer.heads == heads);
    REQUIRE(sizes.text.transformer.heads == heads);
    REQUIRE(sizes.vision.grid == 16);
    REQUIRE(sizes.vision.resolution == 224);
  }
  REQUIRE_THROWS_WITH(clip::read_architecture(weights(512), {}),
                      ContainsSubstring("width 512 is not known") && ContainsSubstring("config.json"));
  clip::ModelSettings settings;
  settings.vision_heads = {8, "config.json"};
  settings.text_heads = {4, "config.json"};
  REQUIRE(clip::read_architecture(weights(512), settings).text.transformer.heads == 4);
  settings.resolution = {230, "config.json"};
  REQUIRE(clip::read_architecture(weights(512), settings).vision.resolution == 230);
  settings.resolution = {240, "config.json"};
  REQUIRE_THROWS_WITH(clip::read_architecture(weights(512), settings),
                      ContainsSubstring("images of 240 pixels (config.json)"));
}

TEST_CASE("configurations of SigLIP that cannot be used are refused with their path", "[clip]") {
  const SiglipModel model;
  const auto refused = [&](const std::string& name, const std::string& content, const std::string& reason) {
    const std::filesystem::path file = model.folder() / ("m/" + name);
    const std::string before = read(file);
    model.folder().write("m/" + name, content);
    CAPTURE(name, content);
    REQUIRE_THAT(model.failure(), ContainsSubstring(file.string()) && ContainsSubstring(reason));
    model.folder().write("m/" + name, before);
  };
  refused("config.json", R"({"model_type": "siglip2", "vision_config": {"hidden_size": 64}})", "NaFlex");
  refused("config.json", R"({"vision_config": {"layer_norm_eps": 0}})", "'layer_norm_eps' must be");
  refused("config.json", R"({"vision_config": {"layer_norm_eps": 1e-6}})",
          "'layer_norm_eps' of images and texts differ");
  refused("preprocessor_config.json", R"({"resample": 1})", "'resample' must be 2 (bilinear) or 3 (bicubic)");
  refused("preprocessor_config.json", R"({"size": {"height": 28, "width": 32}})", "'size' differ");
  REQUIRE(model.failure().empty());
  NamedTensors tensors = small_siglip();
  const char* layer = "vision_model.embeddings.patch_embedding.weight";
  tensors[layer] = tensors.at(layer).flatten(1).contiguous();
  write_tensors(model.folder() / "m/model.safetensors", tensors);
  REQUIRE_THAT(model.failure(), ContainsSubstring("model.safetensors: ") && ContainsSubstring("NaFlex"));
}
