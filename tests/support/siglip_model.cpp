#include "support/siglip_model.h"

#include <ATen/ops/cat.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"

namespace tests {

namespace {

using Small = SmallSiglip;

class SiglipMaker : public TensorMaker {
 public:
  SiglipMaker() : TensorMaker(/*seed=*/1, torch::kFloat) {}

  void add_mlp(const std::string& name, std::int64_t width) {
    add_linear(name + ".fc1.", 2 * width, width);
    add_linear(name + ".fc2.", width, 2 * width);
  }

  void add_layers(const std::string& tower, std::int64_t width) {
    for (std::int64_t i = 0; i < Small::layers; ++i) {
      const std::string name = tower + ".encoder.layers." + std::to_string(i);
      add_norm(name + ".layer_norm1", width);
      for (const char* part : {"q", "k", "v", "out"}) {
        add_linear(name + ".self_attn." + part + "_proj.", width, width);
      }
      add_norm(name + ".layer_norm2", width);
      add_mlp(name + ".mlp", width);
    }
  }
};

nlohmann::json small_tokenizer() {
  nlohmann::json pieces = nlohmann::json::array(
      {{"<pad>", 0.0}, {"</s>", 0.0}, {"<unk>", 0.0}, {"▁", -2.0}, {"▁a", -2.5}, {"▁dog", -4.0}, {"▁cat", -4.5}});
  for (const char* letter : {"a", "c", "d", "e", "f", "g", "h", "i", "l", "n", "o", "p", "r", "s", "t", "u", "y"}) {
    pieces.push_back({letter, -6.0});
  }
  const nlohmann::json metaspace = {{"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "always"}};
  return {{"normalizer", nullptr},
          {"pre_tokenizer", metaspace},
          {"model", {{"type", "Unigram"}, {"unk_id", 2}, {"vocab", pieces}, {"byte_fallback", false}}}};
}

nlohmann::json small_configuration() {
  return {{"model_type", "siglip"},
          {"text_config", {{"num_attention_heads", Small::text_heads}}},
          {"vision_config", {{"num_attention_heads", Small::heads}, {"image_size", Small::resolution}}}};
}

using Rules = std::vector<std::pair<std::string, std::string>>;

void exchange(std::string& name, const Rules& rules) {
  for (const auto& [from, to] : rules) replace_first(name, from, to);
}

std::string open_clip_name(std::string name) {
  static const Rules kImages = {{"vision_model.embeddings.patch_embedding.", "visual.trunk.patch_embed.proj."},
                                {"vision_model.embeddings.position_embedding.weight", "visual.trunk.pos_embed"},
                                {"vision_model.post_layernorm.", "visual.trunk.norm."},
                                {"vision_model.head.probe", "visual.trunk.attn_pool.latent"},
                                {"vision_model.head.attention.out_proj.", "visual.trunk.attn_pool.proj."},
                                {"vision_model.head.layernorm.", "visual.trunk.attn_pool.norm."},
                                {"vision_model.head.mlp.", "visual.trunk.attn_pool.mlp."},
                                {"vision_model.encoder.layers.", "visual.trunk.blocks."},
                                {".layer_norm1.", ".norm1."},
                                {".layer_norm2.", ".norm2."},
                                {".self_attn.out_proj.", ".attn.proj."},
                                {".self_attn.q_proj.", ".attn.qkv."}};
  static const Rules kTexts = {{"text_model.embeddings.token_embedding.", "text.token_embedding."},
                               {"text_model.embeddings.position_embedding.weight", "text.positional_embedding"},
                               {"text_model.final_layer_norm.", "text.ln_final."},
                               {"text_model.head.", "text.text_projection."},
                               {"text_model.encoder.layers.", "text.transformer.resblocks."},
                               {".layer_norm1.", ".ln_1."},
                               {".layer_norm2.", ".ln_2."},
                               {".self_attn.out_proj.", ".attn.out_proj."},
                               {".self_attn.q_proj.", ".attn.in_proj_"},
                               {".mlp.fc1.", ".mlp.c_fc."},
                               {".mlp.fc2.", ".mlp.c_proj."}};
  exchange(name, name.compare(0, 5, "text_") == 0 ? kTexts : kImages);
  return name;
}

torch::Tensor joined_projections(const NamedTensors& tensors, const std::string& query_name) {
  std::vector<torch::Tensor> parts;
  for (const char* part : {".q_proj.", ".k_proj.", ".v_proj."}) {
    std::string name = query_name;
    exchange(name, {{".q_proj.", part}});
    parts.push_back(tensors.at(name));
  }
  return at::cat(parts);
}

}  // namespace

NamedTensors small_siglip() {
  constexpr std::int64_t kPositions = (Small::resolution / Small::patch) * (Small::resolution / Small::patch);
  SiglipMaker maker;
  maker.add("vision_model.embeddings.patch_embedding.weight", {Small::width, 3, Small::patch, Small::patch}, 0.1);
  maker.add("vision_model.embeddings.patch_embedding.bias", {Small::width}, 0.1);
  maker.add("vision_model.embeddings.position_embedding.weight", {kPositions, Small::width}, 0.5);
  maker.add_layers("vision_model", Small::width);
  maker.add_norm("vision_model.post_layernorm", Small::width);
  maker.add("vision_model.head.probe", {1, 1, Small::width}, 1);
  maker.add_linear("vision_model.head.attention.in_proj_", 3 * Small::width, Small::width);
  maker.add_linear("vision_model.head.attention.out_proj.", Small::width, Small::width);
  maker.add_norm("vision_model.head.layernorm", Small::width);
  maker.add_mlp("vision_model.head.mlp", Small::width);
  maker.add("text_model.embeddings.token_embedding.weight", {Small::vocabulary, Small::text_width}, 0.5);
  maker.add("text_model.embeddings.position_embedding.weight", {Small::context, Small::text_width}, 0.5);
  maker.add_layers("text_model", Small::text_width);
  maker.add_norm("text_model.final_layer_norm", Small::text_width);
  maker.add_linear("text_model.head.", Small::width, Small::text_width);
  maker.add("logit_scale", {1}, 0, 4.7);
  maker.add("logit_bias", {1}, 0, -16.5);
  return maker.take();
}

NamedTensors as_open_clip_siglip(const NamedTensors& tensors) {
  const std::string in = "vision_model.head.attention.in_proj_";
  NamedTensors result;
  for (const auto& [name, tensor] : tensors) {
    if (name.find(".k_proj.") != std::string::npos || name.find(".v_proj.") != std::string::npos) continue;
    if (name.find(".q_proj.") != std::string::npos) {
      result[open_clip_name(name)] = joined_projections(tensors, name);
    } else if (name.compare(0, in.size(), in) == 0) {
      const std::string ending = name.substr(in.size());
      result["visual.trunk.attn_pool.q." + ending] = tensor.narrow(0, 0, Small::width).contiguous();
      result["visual.trunk.attn_pool.kv." + ending] = tensor.narrow(0, Small::width, 2 * Small::width).contiguous();
    } else {
      const bool adds_dimension = name == "vision_model.embeddings.position_embedding.weight";
      result[open_clip_name(name)] = adds_dimension ? tensor.unsqueeze(0).contiguous() : tensor;
    }
  }
  return result;
}

std::filesystem::path write_siglip(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const nlohmann::json& json) {
    trefoil::base::write_atomically(folder / name, json.dump());
  };
  write("config.json", small_configuration());
  write("preprocessor_config.json", {{"image_mean", {0.5, 0.5, 0.5}},
                                     {"image_std", {0.5, 0.5, 0.5}},
                                     {"resample", 2},
                                     {"size", {{"height", Small::resolution}, {"width", Small::resolution}}}});
  write("tokenizer.json", small_tokenizer());
  write_tensors(folder / "model.safetensors", small_siglip());
  return folder;
}

}  // namespace tests
