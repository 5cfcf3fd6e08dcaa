// The encoder plugin `clip`: settings that the weights do not show, and the files that weights come in.
#include <ATen/ops/allclose.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <set>

#include "config/resolve.h"
#include "encoders/clip/architecture.h"
#include "encoders/clip/attention.h"
#include "encoders/clip/transformer.h"
#include "features/encoder_key.h"
#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

class Model {
 public:
  Model() : vocabulary_(write_clip_vocabulary(folder_ / "words")) {
    for (const char* name : {"m", "one", "two"}) std::filesystem::create_directory(folder_ / name);
    write_tensors(folder_ / "m/a.safetensors", small_vit());
  }

  const TemporaryFolder& folder() const { return folder_; }

  // The loaded encoder with the weights at `path` in the folder.
  std::unique_ptr<trefoil::Plugin> load(const std::string& path, Overrides overrides = {}) const {
    overrides.emplace_back("weights", (folder_ / path).string());
    overrides.emplace_back("vocabulary", vocabulary_.string());
    auto plugin = make_plugin(trefoil::PluginKind::encoder, "clip", overrides, 1);
    dynamic_cast<Encoder&>(*plugin).load(torch::kCPU);
    return plugin;
  }

  torch::Tensor features(const std::string& path, const Overrides& overrides = {}) const {
    const auto plugin = load(path, overrides);
    const torch::Tensor pixels = normal_numbers({2, 3, 32, 32}, 5).to(torch::kFloat);
    return dynamic_cast<const Encoder&>(*plugin).encode_images(pixels);
  }

  std::string failure(const std::string& path, const Overrides& overrides = {}) const {
    try {
      load(path, overrides);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path vocabulary_;
};

// A text as a parameter's value.
std::string word(const char* value) { return value; }

// softmax(q kᵀ / √w) v of one head after another, with plain loops.
torch::Tensor naive_attention(const torch::Tensor& projected, std::int64_t sequences, std::int64_t heads, bool causal) {
  const std::int64_t positions = projected.size(0) / sequences;
  const std::int64_t width = projected.size(1) / 3;
  const std::int64_t head_width = width / heads;
  const auto in = projected.accessor<float, 2>();
  torch::Tensor result = torch::zeros({projected.size(0), width});
  auto out = result.accessor<float, 2>();
  for (std::int64_t row = 0; row < projected.size(0); ++row) {
    const std::int64_t first = row / positions * positions;
    const std::int64_t last = causal ? row : first + positions - 1;
    for (std::int64_t channel = 0; channel < width; channel += head_width) {
      std::vector<double> weights;
      double sum = 0;
      for (std::int64_t other = first; other <= last; ++other) {
        double product = 0;
        for (std::int64_t i = channel; i < channel + head_width; ++i) product += in[row][i] * in[other][width + i];
        weights.push_back(std::exp(product / std::sqrt(static_cast<double>(head_width))));
        sum += weights.back();
      }
      for (std::int64_t i = channel; i < channel + head_width; ++i) {
        double value = 0;
        for (std::int64_t other = first; other <= last; ++other)
          value += weights[static_cast<std::size_t>(other - first)] * in[other][2 * width + i];
        out[row][i] = static_cast<float>(value / sum);
      }
    }
  }
  return result;
}

}  // namespace

TEST_CASE("attention is right for heads of every width", "[clip]") {
  for (const std::int64_t head_width : {32, 64, 80, 88, 104}) {
    const std::int64_t width = 2 * head_width;
    const torch::Tensor projected = normal_numbers({10, 3 * width}, 3).to(torch::kFloat);
    for (const auto mask : {clip::Mask::none, clip::Mask::causal}) {
      const torch::Tensor expected = naive_attention(projected, 2, 2, mask == clip::Mask::causal);
      for (const auto kernels : {clip::Kernels::plain, clip::Kernels::packed}) {
        torch::Tensor found = torch::zeros({10, width});
        clip::attention(projected, 2, 2, mask, kernels, found);
        CAPTURE(head_width);
        REQUIRE(at::allclose(found, expected, 1e-4, 1e-5));
      }
    }
  }
}

TEST_CASE("layer normalisation is right for every width", "[clip]") {
  for (const std::int64_t width : {20, 48}) {
    const torch::Tensor rows = normal_numbers({3, width}, 4).to(torch::kFloat);
    clip::Weights weights({{"n.weight", torch::full({width}, 2.0F)}, {"n.bias", torch::ones({width})}}, "a", "file");
    const torch::Tensor found = clip::LayerNorm(weights, "n", width, clip::Compute())(rows);
    const torch::Tensor centred = rows - rows.mean(1, /*keepdim=*/true);
    const torch::Tensor expected = centred / (centred * centred).mean(1, /*keepdim=*/true).sqrt() * 2 + 1;
    CAPTURE(width);
    REQUIRE(at::allclose(found, expected, 1e-3, 1e-4));
  }
}

TEST_CASE("the number of heads comes from a parameter, a configuration, or heads of 64 channels", "[clip]") {
  const Model model;
  const torch::Tensor one_head = model.features("m/a.safetensors");
  REQUIRE(model.features("m/a.safetensors", {{"heads", std::int64_t{1}}}).equal(one_head));
  const torch::Tensor two_heads = model.features("m/a.safetensors", {{"heads", std::int64_t{2}}});
  REQUIRE_FALSE(at::allclose(two_heads, one_head, 1e-3, 1e-3));
  const std::filesystem::path hugging_face =
      model.folder().write("m/config.json", R"({"model_type": "clip", "vision_config": {"num_attention_heads": 2}})");
  REQUIRE(model.features("m/a.safetensors").equal(two_heads));
  std::filesystem::remove(hugging_face);
  model.folder().write("m/open_clip_config.json",
                       R"({"model_cfg": {"quick_gelu": true, "vision_cfg": {"width": 64, "head_width": 32}}})");
  REQUIRE(model.features("m/a.safetensors").equal(two_heads));
  REQUIRE(model.features("m/a.safetensors", {{"heads", std::int64_t{1}}}).equal(one_head));
  REQUIRE_THAT(model.failure("m/a.safetensors", {{"heads", std::int64_t{3}}}),
               ContainsSubstring("64, is not a multiple of its number of attention heads, 3 (encoder.heads)"));
}

TEST_CASE("wide image encoders without a configuration are refused", "[clip]") {
  const auto weights = [](std::int64_t width) {
    return clip::Weights({{"text_projection", torch::ones({64, 32})},
                          {"positional_embedding", torch::ones({16, 64})},
                          {"token_embedding.weight", torch::ones({514, 64})},
                          {"visual.conv1.weight", torch::ones({width, 3, 14, 14})},
                          {"visual.positional_embedding", torch::ones({257, width})}},
                         "model.safetensors", "safetensors file");
  };
  for (const std::int64_t width : {1280, 1408, 1664}) {
    CAPTURE(width);
    REQUIRE_THROWS_WITH(clip::read_architecture(weights(width), {}),
                        ContainsSubstring(std::to_string(width)) && ContainsSubstring("open_clip_config.json"));
    clip::ModelSettings settings;
    settings.vision_heads = {16, "config.json"};
    REQUIRE(clip::read_architecture(weights(width), settings).vision.transformer.heads == 16);
  }
  REQUIRE(clip::read_architecture(weights(1024), {}).vision.transformer.heads == 16);
}

TEST_CASE("activation, mean and deviation come from the configuration, and parameters override them", "[clip]") {
  const Model model;
  const torch::Tensor quick = model.features("m/a.safetensors");
  const torch::Tensor exact = model.features("m/a.safetensors", {{"activation", word("gelu")}});
  REQUIRE_FALSE(at::allclose(quick, exact, 1e-3, 1e-3));
  model.folder().write("m/config.json",
                       R"({"vision_config": {"hidden_act": "gelu"}, "text_config": {"hidden_act": "gelu"}})");
  model.folder().write("m/preprocessor_config.json",
                       R"({"image_mean": [0.5, 0.25, 0.125], "image_std": [1, 0.5, 0.25]})");
  REQUIRE(model.features("m/a.safetensors").equal(exact));
  REQUIRE(model.features("m/a.safetensors", {{"activation", word("quick_gelu")}}).equal(quick));
  const auto format = [&](const Overrides& overrides) {
    return dynamic_cast<const Encoder&>(*model.load("m/a.safetensors", overrides)).pixel_format();
  };
  REQUIRE(format({}).mean == std::array<float, 3>{0.5F, 0.25F, 0.125F});
  REQUIRE(format({}).deviation == std::array<float, 3>{1, 0.5F, 0.25F});
  REQUIRE(format({{"mean", word("0 0 0.5")}}).mean == std::array<float, 3>{0, 0, 0.5F});
  REQUIRE_THAT(model.failure("m/a.safetensors", {{"mean", word("0 0")}}),
               ContainsSubstring("encoder.mean must be three"));
}

namespace {

trefoil::features::EncoderKey key_of(const Model& model, const std::string& precision) {
  const std::string weights = "weights=" + (model.folder() / "m/a.safetensors").string();
  const std::string vocabulary = "vocabulary=" + (model.folder() / "words").string();
  const auto choice = trefoil::config::choose_plugin(trefoil::PluginKind::encoder, "clip",
                                                     {weights, vocabulary, "precision=" + precision}, registry());
  trefoil::base::FileSums sums;
  return trefoil::features::encoder_key(choice, torch::kCPU, trefoil::formats::Decode::exact, sums);
}

}  // namespace

TEST_CASE("each precision has features of its own in the store", "[clip]") {
  const Model model;
  std::set<std::string> keys;
  const std::vector<std::string> precisions = {"float32", "bfloat16", "int8", "auto"};
  for (const std::string& precision : precisions) keys.insert(key_of(model, precision).sha256);
  REQUIRE(keys.size() == precisions.size());
  // "auto" stands for different precisions on different machines.
  REQUIRE_THAT(key_of(model, "auto").description, ContainsSubstring("\"variant\": \"precision "));
}

TEST_CASE("features of another configuration are other features of the store", "[clip]") {
  const Model model;
  const auto key = [&] { return key_of(model, "float32").sha256; };
  const std::string none = key();
  model.folder().write("m/config.json", R"({"vision_config": {"hidden_act": "gelu"}})");
  const std::string gelu = key();
  model.folder().write("m/config.json", R"({"vision_config": {"hidden_act": "quick_gelu"}})");
  REQUIRE(none != gelu);
  REQUIRE(key() != gelu);
  REQUIRE(key() != none);
}

TEST_CASE("configurations that cannot be used are refused with their path", "[clip]") {
  const Model model;
  const auto refused = [&](const char* name, const std::string& content, const std::string& reason) {
    const std::filesystem::path file = model.folder().write(std::string("m/") + name, content);
    CAPTURE(name, content);
    REQUIRE_THAT(model.failure("m/a.safetensors"), ContainsSubstring(file.string()) && ContainsSubstring(reason));
    std::filesystem::remove(file);
  };
  for (const char* name : {"vision_cfg", "text_cfg"}) {
    refused("open_clip_config.json", std::string(R"({"model_cfg": {")") + name + R"(": [1]}})",
            "'" + std::string(name) + "' must be an object");
  }
  refused("open_clip_config.json", R"({"model_cfg": 1})", "'model_cfg' must be an object");
  refused("open_clip_config.json", R"({"preprocess_cfg": "x"})", "'preprocess_cfg' must be an object");
  refused("open_clip_config.json", R"({"model_cfg": {"vision_cfg": {"width": 64}, "quick_gelu": "true"}})",
          "'quick_gelu' must be true or false");
  refused("config.json", R"({"vision_config": 1})", "'vision_config' must be an object");
  refused("config.json", R"({"vision_config": {"hidden_act": 1}})", "'hidden_act' must be a text");
  refused("config.json", R"({"model_type": 1, "vision_config": {"hidden_act": "gelu"}})",
          "'model_type' must be a text");
  refused("config.json", "", "not a JSON object");
  refused("config.json", "[1]", "not a JSON object");
  refused("config.json", std::string(100, '[') + std::string(100, ']'), "nested too deeply");
  refused("config.json", R"({"model_type": "blip", "vision_config": {"hidden_size": 768}})", "of type 'blip'");
  refused("config.json", R"({"vision_config": {"hidden_act": "relu"}})", "'relu' is not supported");
  refused("config.json", R"({"vision_config": {"hidden_act": "gelu"}})", "'hidden_act' of images and texts differ");
  refused("config.json", R"({"vision_config": {"num_attention_heads": 0}})", "'num_attention_heads' must be");
  refused("config.json", R"({"vision_config": {"num_attention_heads": "12"}})", "'num_attention_heads' must be");
  refused("preprocessor_config.json", R"({"image_mean": [0.5, 0.5]})", "'image_mean' must be an array of three");
  refused("preprocessor_config.json", R"({"image_std": "0.5"})", "'image_std' must be an array of three");
  model.folder().write("m/config.json", R"({"architectures": ["SomethingElse"]})");  // says nothing of a model: ignored
  REQUIRE(model.failure("m/a.safetensors").empty());
}

TEST_CASE("numbers that do not change features may have any form or be missing", "[clip]") {
  const Model model;
  const torch::Tensor expected = model.features("m/a.safetensors");
  NamedTensors tensors = small_vit();
  tensors["logit_scale"] = tensors.at("logit_scale").view({1});
  tensors["logit_bias"] = torch::full({1}, -10.0F);
  tensors["attn_mask"] = torch::zeros({16, 16});
  write_tensors(model.folder() / "m/a.safetensors", tensors);
  REQUIRE(model.features("m/a.safetensors").equal(expected));
  tensors.erase("logit_scale");
  write_tensors(model.folder() / "m/a.safetensors", tensors);
  REQUIRE(model.features("m/a.safetensors").equal(expected));
}

TEST_CASE("the width of the hidden layer comes from the weights", "[clip]") {
  const Model model;
  NamedTensors tensors = small_vit();
  for (auto& [name, tensor] : tensors) {
    if (name.find(".mlp.c_fc.") != std::string::npos) tensor = tensor.narrow(0, 0, 96).contiguous();
    if (name.find(".mlp.c_proj.weight") != std::string::npos) tensor = tensor.narrow(1, 0, 96).contiguous();
  }
  write_tensors(model.folder() / "m/a.safetensors", tensors);
  REQUIRE(at::allclose(model.features("m/a.safetensors"),
                       model.features("m/a.safetensors", {{"kernels", word("plain")}}), 1e-4, 1e-4));
}

TEST_CASE("a snapshot folder and its parts are weights", "[clip]") {
  const Model model;
  const torch::Tensor expected = model.features("m/a.safetensors");
  write_tensors(model.folder() / "one/model.safetensors", small_vit());
  REQUIRE(model.features("one").equal(expected));
  NamedTensors first;
  NamedTensors second;
  for (const auto& [name, tensor] : small_vit()) (first.size() < 10 ? first : second).emplace(name, tensor);
  write_tensors(model.folder() / "two/model-00001-of-00002.safetensors", first);
  write_tensors(model.folder() / "two/model-00002-of-00002.safetensors", second);
  const auto write_index = [&](const std::string& last) {
    model.folder().write("two/model.safetensors.index.json",
                         R"({"weight_map": {"a": "model-00001-of-00002.safetensors", "b": ")" + last + "\"}}");
  };
  write_index("model-00002-of-00002.safetensors");
  REQUIRE(model.features("two").equal(expected));
  REQUIRE(model.features("two/model.safetensors.index.json").equal(expected));
  REQUIRE_THAT(model.failure("two/model-00001-of-00002.safetensors"), ContainsSubstring("one part of the weights"));
  write_index("../one/model.safetensors");
  REQUIRE_THAT(model.failure("two"), ContainsSubstring("a file outside its folder"));
  write_index("missing.safetensors");
  REQUIRE_THAT(model.failure("two"), ContainsSubstring("missing.safetensors"));
  REQUIRE_THAT(model.failure("words"), ContainsSubstring("a folder without model.safetensors"));
}

TEST_CASE("files that are taken for weights by mistake are recognised", "[clip]") {
  const Model model;
  const auto refused = [&](const std::string& content, const std::string& reason) {
    model.folder().write("m/b.safetensors", content);
    REQUIRE_THAT(model.failure("m/b.safetensors"), ContainsSubstring(reason));
  };
  refused("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 605157884\n", "a pointer of Git LFS");
  refused("<!DOCTYPE html><html></html>", "an HTML page");
  refused("<html></html>", "an HTML page");
  NamedTensors tensors = small_vit();
  tensors["visual.conv1.weight"] = torch::zeros({64, 3, 0, 0});
  write_tensors(model.folder() / "m/b.safetensors", tensors);
  REQUIRE_THAT(model.failure("m/b.safetensors"), ContainsSubstring("[64, 3, 0, 0], which has no elements"));
}
