#include "timm_names.h"

#include <ATen/ops/cat.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace clip {

namespace {

using Prefix = std::pair<std::string_view, std::string_view>;

constexpr const char* kPool = "visual.trunk.attn_pool.";

// The first prefix that fits counts, so special ones come before general ones.
constexpr std::array<Prefix, 10> kTimmPrefixes = {{
    {"visual.trunk.patch_embed.proj.", "visual.conv1."},
    {"visual.trunk.pos_embed", "visual.positional_embedding"},
    {"visual.trunk.blocks.", "visual.transformer.resblocks."},
    {"visual.trunk.norm.", "visual.ln_post."},
    {"visual.trunk.attn_pool.latent", "visual.pool.probe"},
    {"visual.trunk.attn_pool.proj.", "visual.pool.attention.out_proj."},
    {"visual.trunk.attn_pool.norm.", "visual.pool.layernorm."},
    {"visual.trunk.attn_pool.mlp.", "visual.pool.mlp."},
    {"text.text_projection.bias", "text_projection_bias"},
    {"text.", ""},
}};

constexpr std::array<Prefix, 6> kTimmParts = {{
    {".norm1.", ".ln_1."},
    {".norm2.", ".ln_2."},
    {".attn.qkv.", ".attn.in_proj_"},
    {".attn.proj.", ".attn.out_proj."},
    {".mlp.fc1.", ".mlp.c_fc."},
    {".mlp.fc2.", ".mlp.c_proj."},
}};

std::string new_name(std::string name) {
  for (const auto& [from, to] : kTimmPrefixes) {
    if (name.compare(0, from.size(), from) != 0) continue;
    name.replace(0, from.size(), to);
    break;
  }
  for (const auto& [from, to] : kTimmParts) {
    const std::size_t place = name.find(from);
    if (place != std::string::npos) name.replace(place, from.size(), to);
  }
  return name;
}

// Removes the query projection of the pooling, and its projection of keys and values, and returns them as one.
torch::Tensor joined(NamedTensors& tensors, const std::string& ending, const std::filesystem::path& path) {
  const auto take = [&](const std::string& name) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) throw std::runtime_error(path.string() + ": the tensor '" + name + "' is missing");
    torch::Tensor tensor = found->second;
    tensors.erase(found);
    return tensor;
  };
  const torch::Tensor query = take(std::string(kPool) + "q." + ending);
  return at::cat({query, take(std::string(kPool) + "kv." + ending)});
}

}  // namespace

bool has_timm_names(const NamedTensors& tensors) {
  return tensors.count(std::string(kPool) + "latent") > 0 && tensors.count("text.token_embedding.weight") > 0;
}

NamedTensors from_timm(NamedTensors tensors, const std::filesystem::path& path) {
  NamedTensors result;
  for (const char* ending : {"weight", "bias"}) {
    result.emplace(std::string("visual.pool.attention.in_proj_") + ending, joined(tensors, ending, path));
  }
  for (const auto& [name, tensor] : tensors) {
    if (name == "text.text_projection.weight" && tensor.dim() == 2) {
      result.emplace("text_projection", tensor.t().contiguous());  // a Linear layer stores [out, in]
    } else if (name == "visual.trunk.pos_embed" && tensor.dim() == 3 && tensor.size(0) == 1) {
      result.emplace(new_name(name), tensor[0]);
    } else {
      result.emplace(new_name(name), tensor);
    }
  }
  return result;
}

}  // namespace clip
