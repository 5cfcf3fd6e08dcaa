// The encoder plugin `clip`: weights that it does not compute, and how it says so.
#include <ATen/ops/ones.h>

#include <nlohmann/json.hpp>

#include "encoders/clip/official_weights.h"
#include "encoders/clip/other_models.h"
#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/plugins.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

std::string load_problem(const std::filesystem::path& weights, const std::filesystem::path& vocabulary) {
  const auto plugin = make_plugin(trefoil::PluginKind::encoder, "clip",
                                  {{"weights", weights.string()}, {"vocabulary", vocabulary.string()}}, 1);
  try {
    dynamic_cast<Encoder&>(*plugin).load(torch::kCPU);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

NamedTensors tensors_named(const std::vector<std::string>& names) {
  NamedTensors tensors;
  for (const std::string& name : names) tensors.emplace(name, torch::ones({1}));
  return tensors;
}

// The bytes of a .safetensors file with one tensor of four bytes.
std::string one_tensor(const std::string& name, const std::string& type, std::int64_t size) {
  const nlohmann::json header = {{name, {{"dtype", type}, {"shape", {size}}, {"data_offsets", {0, 4}}}}};
  std::string text = header.dump();
  std::string bytes(1, static_cast<char>(text.size()));
  return bytes + std::string(7, '\0') + text + std::string(4, '\0');
}

}  // namespace

TEST_CASE("weights of other models are recognised by the names of their tensors", "[clip]") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> models = {
      {{"visual.trunk.stem.0.weight", "text.token_embedding.weight"}, "timm"},
      {{"visual.cls_token", "visual.blocks.0.attn.q_bias", "text.token_embedding.weight"}, "EVA-CLIP"},
      {{"text_decoder.ln_final.weight", "visual.attn_pool.query"}, "CoCa"},
      {{"text.transformer.embeddings.word_embeddings.weight", "visual.conv1.weight"}, "text encoder of Hugging Face"},
      {{"text.token_embedding.weight", "visual.conv1.weight"}, "under 'text.'"},
      {{"blocks.0.ls1.gamma", "cls_token", "mask_token"}, "DINOv2"},
      {{"embeddings.mask_token", "encoder.layer.0.layer_scale1.lambda1"}, "DINOv2"},
      {{"blocks.0.attn.qkv.weight", "cls_token"}, "timm"},
      {{"layer1.0.conv1.weight", "fc.weight"}, "torchvision"},
      {{"vision_model.post_layernorm.weight", "visual_projection.weight"}, "without its text encoder"},
      {{"text_model.final_layer_norm.weight"}, "without its image encoder"},
      {{"visual.conv1.weight", "visual.transformer.resblocks.0.ln_1.weight", "token_embedding.weight"}, "CLIPA"},
  };
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  for (const auto& [names, words] : models) {
    CAPTURE(names.front());
    write_tensors(folder / "other.safetensors", tensors_named(names));
    REQUIRE_THAT(load_problem(folder / "other.safetensors", vocabulary),
                 ContainsSubstring("other.safetensors: these are the weights of ") && ContainsSubstring(words) &&
                     ContainsSubstring("onnx or torchscript"));
  }
  for (const NamedTensors& clip : {small_vit(), small_resnet(), as_hugging_face(small_vit())}) {
    REQUIRE(clip::other_model(clip).empty());
  }
}

TEST_CASE("configurations of variants of CLIP are refused", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_tensors(folder / "a.safetensors", small_vit());
  for (const char* tower :
       {R"("vision_cfg": {"width": 64, "no_ln_pre": true})", R"("vision_cfg": {"pool_type": "avg"})",
        R"("vision_cfg": {"width": 64}, "text_cfg": {"no_causal_mask": true})",
        R"("vision_cfg": {"width": 64}, "text_cfg": {"pool_type": "last"})"}) {
    CAPTURE(tower);
    folder.write("open_clip_config.json", "{\"model_cfg\": {" + std::string(tower) + "}}");
    REQUIRE_THAT(load_problem(folder / "a.safetensors", vocabulary),
                 ContainsSubstring("open_clip_config.json: '") && ContainsSubstring("variants of CLIP"));
  }
  folder.write(
      "open_clip_config.json",
      R"({"model_cfg": {"vision_cfg": {"width": 64, "pool_type": "tok", "no_ln_pre": false}, "text_cfg": {}}})");
  REQUIRE(load_problem(folder / "a.safetensors", vocabulary).empty());
}

TEST_CASE("types that are not supported are named with the tensor and the cure", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  for (const auto& [type, size] : {std::pair("F8_E4M3", 4), {"F8_E5M2", 4}, {"U32", 1}}) {
    const auto file = folder.write("a.safetensors", one_tensor("visual.proj", type, size));
    REQUIRE(load_problem(file, vocabulary) == file.string() + ": the tensor 'visual.proj' has the type " + type +
                                                  ", which is not supported; convert it to float32 or float16");
  }
  const auto mask = folder.write("a.safetensors", one_tensor("attn_mask", "BOOL", 4));
  REQUIRE_THAT(load_problem(mask, vocabulary), !ContainsSubstring("attn_mask"));
  const auto usual = folder.write("a.safetensors", one_tensor("dtype", "F32", 1));
  REQUIRE_THAT(load_problem(usual, vocabulary), !ContainsSubstring("not supported"));
}

TEST_CASE("counters of batch normalisation are no weights, also in models of several GPUs", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  NamedTensors tensors;
  for (const auto& [name, tensor] : small_resnet()) tensors.emplace("module." + name, tensor);
  tensors["module.visual.bn1.num_batches_tracked"] = torch::ones({}, torch::kLong);
  write_tensors(folder / "a.safetensors", tensors);
  REQUIRE(load_problem(folder / "a.safetensors", vocabulary).empty());
}

TEST_CASE("OpenAI's files are known by name", "[clip]") {
  for (const char* name : {"ViT-B-32.pt", "ViT-L-14-336px.pt", "RN50x64.pt"}) {
    REQUIRE(clip::is_official_file_name(name));
  }
  for (const char* name : {"", "ViT-B/32", "ViT-B-32", "vit-b-32.pt", "model.safetensors"}) {
    REQUIRE_FALSE(clip::is_official_file_name(name));
  }
}
