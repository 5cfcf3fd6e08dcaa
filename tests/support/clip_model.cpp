#include "support/clip_model.h"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <filesystem>

#include "base/atomic_file.h"
#include "formats/safetensors_writer.h"
#include "support/vocabulary.h"

namespace tests {

namespace {

constexpr std::int64_t kWidth = 64;  // of both transformers
constexpr std::int64_t kFeatures = 32;
constexpr std::int64_t kContext = 16;
constexpr std::int64_t kSymbols = 514;

// The released files hold float16.
class Maker : public TensorMaker {
 public:
  explicit Maker(std::uint32_t seed) : TensorMaker(seed, torch::kHalf) {}

  void add_transformer(const std::string& prefix, int layers) {
    for (int i = 0; i < layers; ++i) {
      const std::string name = prefix + "transformer.resblocks." + std::to_string(i);
      add_norm(name + ".ln_1", kWidth);
      add_linear(name + ".attn.in_proj_", 3 * kWidth, kWidth);
      add_linear(name + ".attn.out_proj.", kWidth, kWidth);
      add_norm(name + ".ln_2", kWidth);
      add_linear(name + ".mlp.c_fc.", 4 * kWidth, kWidth);
      add_linear(name + ".mlp.c_proj.", kWidth, 4 * kWidth);
    }
  }

  void add_text_tower() {
    add("token_embedding.weight", {kSymbols, kWidth}, 0.5);
    add("positional_embedding", {kContext, kWidth}, 0.5);
    add_transformer("", 2);
    add_norm("ln_final", kWidth);
    add("text_projection", {kWidth, kFeatures}, 0.2);
    add_constant("logit_scale", {}, 4.6052);
  }

  void add_convolution(const std::string& name, const std::string& norm, std::int64_t out, std::int64_t in,
                       std::int64_t side) {
    add(name + ".weight", {out, in, side, side}, 1 / std::sqrt(static_cast<double>(in * side * side)));
    add_norm(norm, out);
    add(norm + ".running_mean", {out}, 0.1);
    add_constant(norm + ".running_var", {out}, 0.8);
  }
};

std::string hugging_face_name(std::string name) {
  static const std::vector<std::pair<std::string, std::string>> kRules = {
      {"visual.transformer.resblocks.", "vision_model.encoder.layers."},
      {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
      {"visual.conv1.", "vision_model.embeddings.patch_embedding."},
      {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
      {"visual.ln_pre.", "vision_model.pre_layrnorm."},
      {"visual.ln_post.", "vision_model.post_layernorm."},
      {"visual.proj", "visual_projection.weight"},
      {"token_embedding.", "text_model.embeddings.token_embedding."},
      {"ln_final.", "text_model.final_layer_norm."}};
  if (name == "positional_embedding") return "text_model.embeddings.position_embedding.weight";
  if (name == "text_projection") return "text_projection.weight";
  for (const auto& [from, to] : kRules) replace_first(name, from, to);
  if (name.rfind("transformer.resblocks.", 0) == 0)
    replace_first(name, "transformer.resblocks.", "text_model.encoder.layers.");
  replace_first(name, ".attn.out_proj.", ".self_attn.out_proj.");
  replace_first(name, ".ln_1.", ".layer_norm1.");
  replace_first(name, ".ln_2.", ".layer_norm2.");
  replace_first(name, ".mlp.c_fc.", ".mlp.fc1.");
  replace_first(name, ".mlp.c_proj.", ".mlp.fc2.");
  return name;
}

}  // namespace

NamedTensors small_vit(std::uint32_t seed) {
  Maker maker(seed);
  maker.add_text_tower();
  maker.add("visual.class_embedding", {kWidth}, 0.5);
  maker.add("visual.conv1.weight", {kWidth, 3, 8, 8}, 0.1);
  maker.add("visual.positional_embedding", {17, kWidth}, 0.5);
  maker.add_norm("visual.ln_pre", kWidth);
  maker.add_transformer("visual.", 2);
  maker.add_norm("visual.ln_post", kWidth);
  maker.add("visual.proj", {kWidth, kFeatures}, 0.2);
  return maker.take();
}

NamedTensors small_resnet(std::uint32_t seed) {
  Maker maker(seed);
  maker.add_text_tower();
  maker.add_convolution("visual.conv1", "visual.bn1", 2, 3, 3);
  maker.add_convolution("visual.conv2", "visual.bn2", 2, 2, 3);
  maker.add_convolution("visual.conv3", "visual.bn3", 4, 2, 3);
  std::int64_t in = 4;
  for (std::int64_t stage = 0; stage < 4; ++stage) {
    const std::string name = "visual.layer" + std::to_string(stage + 1) + ".0";
    const std::int64_t inner = std::int64_t{4} << stage;
    maker.add_convolution(name + ".conv1", name + ".bn1", inner, in, 1);
    maker.add_convolution(name + ".conv2", name + ".bn2", inner, inner, 3);
    maker.add_convolution(name + ".conv3", name + ".bn3", 4 * inner, inner, 1);
    maker.add_convolution(name + ".downsample.0", name + ".downsample.1", 4 * inner, in, 1);
    in = 4 * inner;
  }
  maker.add("visual.attnpool.positional_embedding", {2, in}, 0.2);
  for (const char* letter : {"q", "k", "v"}) {
    maker.add_linear(std::string("visual.attnpool.") + letter + "_proj.", in, in);
  }
  maker.add_linear("visual.attnpool.c_proj.", kFeatures, in);
  return maker.take();
}

NamedTensors as_hugging_face(const NamedTensors& openai) {
  NamedTensors result;
  for (const auto& [name, tensor] : openai) {
    const std::size_t joined = name.find(".attn.in_proj_");
    if (joined == std::string::npos) {
      const bool projection = name == "text_projection" || name == "visual.proj";
      result[hugging_face_name(name)] = projection ? tensor.t().contiguous() : tensor;
      continue;
    }
    const std::vector<torch::Tensor> parts = tensor.chunk(3);
    const std::string ending = name.substr(joined + std::string(".attn.in_proj_").size());
    const std::string layer = hugging_face_name(name.substr(0, joined) + ".");
    for (std::size_t i = 0; i < parts.size(); ++i) {
      result[layer + "self_attn." + std::string("qkv").substr(i, 1) + "_proj." + ending] = parts[i].contiguous();
    }
  }
  return result;
}

void write_tensors(const std::filesystem::path& file, const NamedTensors& tensors) {
  std::vector<trefoil::formats::TensorPlan> plans;
  for (const auto& [name, tensor] : tensors) plans.push_back({name, tensor.scalar_type(), tensor.sizes().vec()});
  trefoil::formats::SafetensorsWriter writer(file, plans, {});
  for (const auto& [name, tensor] : tensors) writer.append(tensor);
  writer.commit();
}

void write_archive(const std::filesystem::path& file, const NamedTensors& tensors) {
  torch::jit::Module root("small_clip");
  std::map<std::string, torch::jit::Module> modules = {{"", root}};
  for (const auto& [name, tensor] : tensors) {
    std::string path;
    std::size_t begin = 0;
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', begin)) {
      const std::string inner = path + name.substr(begin, dot - begin) + ".";
      if (modules.count(inner) == 0) {
        torch::jit::Module module("part_" + std::to_string(modules.size()));
        modules.at(path).register_module(name.substr(begin, dot - begin), module);
        modules.emplace(inner, module);
      }
      path = inner;
      begin = dot + 1;
    }
    modules.at(path).register_parameter(name.substr(begin), tensor, /*is_buffer=*/false);
  }
  root.save(file.string());
}

void write_state_dictionary(const std::filesystem::path& file, const NamedTensors& tensors, const std::string& prefix) {
  const std::string outer = "state_dict.";
  const bool nested = prefix.compare(0, outer.size(), outer) == 0;
  c10::Dict<std::string, torch::Tensor> state;
  for (const auto& [name, tensor] : tensors)
    state.insert((nested ? prefix.substr(outer.size()) : prefix) + name, tensor);
  c10::IValue value = state;
  if (nested) {
    c10::impl::GenericDict checkpoint(c10::StringType::get(), c10::AnyType::get());
    checkpoint.insert(std::string("state_dict"), value);
    checkpoint.insert(std::string("step"), std::int64_t{7});
    value = checkpoint;
  }
  const std::vector<char> bytes = torch::jit::pickle_save(value);
  trefoil::base::write_atomically(file, {bytes.data(), bytes.size()});
}

std::filesystem::path write_clip_vocabulary(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  trefoil::base::write_atomically(folder / "vocab.json", numbered(symbols_with({})).dump());
  trefoil::base::write_atomically(folder / "merges.txt", merge_file({}));
  return folder;
}

}  // namespace tests
