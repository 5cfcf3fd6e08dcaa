#include "hugging_face_names.h"

#include <ATen/ops/cat.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

namespace clip {

namespace {

using Renaming = std::pair<const char*, const char*>;

constexpr std::array<Renaming, 17> kWholeNames = {{
    {"text_model.embeddings.token_embedding.weight", "token_embedding.weight"},
    {"text_model.embeddings.position_embedding.weight", "positional_embedding"},
    {"text_model.final_layer_norm.weight", "ln_final.weight"},
    {"text_model.final_layer_norm.bias", "ln_final.bias"},
    {"text_projection.weight", "text_projection"},
    {"text_model.head.weight", "text_projection"},
    {"text_model.head.bias", "text_projection_bias"},
    {"visual_projection.weight", "visual.proj"},
    {"vision_model.embeddings.class_embedding", "visual.class_embedding"},
    {"vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"},
    {"vision_model.embeddings.patch_embedding.bias", "visual.conv1.bias"},
    {"vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"},
    {"vision_model.pre_layrnorm.weight", "visual.ln_pre.weight"},
    {"vision_model.pre_layrnorm.bias", "visual.ln_pre.bias"},
    {"vision_model.post_layernorm.weight", "visual.ln_post.weight"},
    {"vision_model.post_layernorm.bias", "visual.ln_post.bias"},
    {"logit_scale", "logit_scale"},
}};

constexpr std::array<Renaming, 3> kTowers = {{
    {"text_model.encoder.layers.", "transformer.resblocks."},
    {"vision_model.encoder.layers.", "visual.transformer.resblocks."},
    {"vision_model.head.", "visual.pool."},
}};

constexpr std::array<Renaming, 5> kParts = {{
    {".self_attn.out_proj.", ".attn.out_proj."},
    {".layer_norm1.", ".ln_1."},
    {".layer_norm2.", ".ln_2."},
    {".mlp.fc1.", ".mlp.c_fc."},
    {".mlp.fc2.", ".mlp.c_proj."},
}};

bool replace(std::string& text, const Renaming& renaming) {
  const std::string from = renaming.first;
  const std::size_t place = text.find(from);
  if (place == std::string::npos) return false;
  text.replace(place, from.size(), renaming.second);
  return true;
}

std::string renamed(std::string name) {
  for (const Renaming& whole : kWholeNames) {
    if (name == whole.first) return whole.second;
  }
  for (const Renaming& tower : kTowers) {
    if (replace(name, tower)) break;
  }
  for (const Renaming& part : kParts) {
    if (replace(name, part)) break;
  }
  return name;
}

// Joins the query, key and value projections of one layer. `query_name` is the name of the query projection.
void join_projections(NamedTensors& tensors, const std::string& query_name, const std::filesystem::path& path) {
  std::vector<torch::Tensor> parts;
  for (const char* letter : {"q", "k", "v"}) {
    std::string name = query_name;
    replace(name, {".q_proj.", (std::string(".") + letter + "_proj.").c_str()});
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      throw std::runtime_error(path.string() + ": the tensor '" + name + "' is missing");
    }
    parts.push_back(found->second);
    tensors.erase(found);
  }
  std::string joined = query_name;
  for (const Renaming& tower : kTowers) replace(joined, tower);
  replace(joined, {".self_attn.q_proj.", ".attn.in_proj_"});
  tensors.emplace(joined, at::cat(parts));
}

}  // namespace

NamedTensors from_hugging_face(NamedTensors tensors, const std::filesystem::path& path) {
  std::vector<std::string> queries;
  for (const auto& [name, tensor] : tensors) {
    if (name.find(".self_attn.q_proj.") != std::string::npos) queries.push_back(name);
  }
  for (const std::string& query : queries) join_projections(tensors, query, path);

  NamedTensors result;
  for (auto& [name, tensor] : tensors) result.emplace(renamed(name), std::move(tensor));
  // A Linear layer stores [out, in]. OpenAI's projections are [in, out], multiplied from the right.
  for (const char* projection : {"text_projection", "visual.proj"}) {
    const auto found = result.find(projection);
    if (found != result.end() && found->second.dim() == 2) found->second = found->second.t().contiguous();
  }
  return result;
}

}  // namespace clip
