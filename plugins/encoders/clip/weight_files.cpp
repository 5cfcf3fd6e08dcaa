// Reads the file formats in which CLIP's weights are released. No code in a file is run.
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "bounded_json.h"
#include "hugging_face_names.h"
#include "other_models.h"
#include "refuse_file.h"
#include "timm_names.h"
#include "trefoil/tensor_file.h"
#include "weights.h"

namespace clip {

namespace {

std::string first_bytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream || !std::filesystem::is_regular_file(path))
    refuse_file(path, "there is no such file, or it cannot be read");
  std::array<char, 16> bytes{};
  stream.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(stream.gcount())};
}

// Files in a snapshot folder that hold the weights, in the order of preference.
constexpr std::array<const char*, 6> kFilesOfFolder = {"model.safetensors.index.json", "model.safetensors",
                                                       "open_clip_model.safetensors",  "pytorch_model.bin.index.json",
                                                       "open_clip_pytorch_model.bin",  "pytorch_model.bin"};

std::filesystem::path file_in(const std::filesystem::path& folder) {
  for (const char* name : kFilesOfFolder) {
    if (std::filesystem::is_regular_file(folder / name)) return folder / name;
  }
  refuse_file(folder,
              "it is a folder without model.safetensors, open_clip_model.safetensors, pytorch_model.bin or an index "
              "of their parts: give the path of the weight file");
}

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

// Returns whether a tensor is not a weight: a single integer (sizes in OpenAI's archives, counters of batch
// normalisation), the position ids in older Hugging Face files, the mask of causal attention, or the bias of logits,
// which does not change features.
bool is_bookkeeping(const std::string& name, const torch::Tensor& tensor) {
  const bool position = ends_with(name, ".embeddings.position_ids");
  const bool unused = ends_with(name, "attn_mask") || name == "logit_bias";
  return position || unused || (tensor.dim() == 0 && !at::isFloatingType(tensor.scalar_type()));
}

NamedTensors without_bookkeeping(NamedTensors tensors) {
  for (auto entry = tensors.begin(); entry != tensors.end();) {
    entry = is_bookkeeping(entry->first, entry->second) ? tensors.erase(entry) : std::next(entry);
  }
  return tensors;
}

// Returns the tensors whose names begin with `prefix`, and removes it from the names. If there are none, returns all
// tensors.
NamedTensors inside(NamedTensors tensors, std::string_view prefix) {
  NamedTensors found;
  for (const auto& [name, tensor] : tensors) {
    if (starts_with(name, prefix)) found.emplace(name.substr(prefix.size()), tensor);
  }
  return found.empty() ? std::move(tensors) : std::move(found);
}

Weights with_known_names(NamedTensors tensors, const std::filesystem::path& path, const std::string& format) {
  tensors = without_bookkeeping(std::move(tensors));
  if (has_timm_names(tensors)) return {from_timm(std::move(tensors), path), path, format + " with open_clip's names"};
  if (const std::string other = other_model(tensors); !other.empty()) {
    refuse_file(path,
                "these are the weights of " + other +
                    "; export its image encoder for the encoder onnx or torchscript, or use weights of CLIP or SigLIP");
  }
  if (tensors.count("text_model.final_layer_norm.weight") == 0) return {std::move(tensors), path, format};
  return {from_hugging_face(std::move(tensors), path), path, format + " with Hugging Face's names"};
}

// Training checkpoints store the model under "state_dict", beside the optimiser's tensors. In models trained on several
// GPUs every name begins with "module.".
NamedTensors read_torch_tensors(const std::filesystem::path& path) {
  return inside(inside(trefoil::read_torch_file(path), "state_dict."), "module.");
}

bool looks_like_safetensors(std::string_view bytes) {
  constexpr std::size_t kLengthBytes = 8;
  return bytes.size() > kLengthBytes && bytes[kLengthBytes] == '{';
}

// Recognises files that are often taken for weights by mistake.
[[noreturn]] void refuse_other_format(const std::filesystem::path& path, std::string_view bytes) {
  if (bytes.empty()) refuse_file(path, "the file is empty");
  if (starts_with(bytes, "version https://")) {
    refuse_file(path, "it is a pointer of Git LFS, not the weights: run git lfs pull, or download the file itself");
  }
  if (starts_with(bytes, "<!") || starts_with(bytes, "<html")) {
    refuse_file(path,
                "it is an HTML page, not the weights: open the address in a browser and download the file itself");
  }
  if (bytes.front() == '\x80') {
    refuse_file(
        path,
        "it is a Python pickle that is not in a zip file (torch.save of PyTorch before 1.6): load it with Python and "
        "save it again as .pt or .safetensors");
  }
  refuse_file(path, "it is neither a file of torch.save or torch.jit.save nor a .safetensors file: check the path");
}

struct TensorsOfFile {
  NamedTensors tensors;
  std::string format;
};

TensorsOfFile read_tensors(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  if (starts_with(bytes, "PK\x03\x04")) return {read_torch_tensors(path), "PyTorch file"};
  if (looks_like_safetensors(bytes)) return {inside(trefoil::read_safetensors(path), "module."), "safetensors file"};
  refuse_other_format(path, bytes);
}

// The tensors of an index file, and the names of their files.
std::map<std::string, std::string> read_weight_map(const std::filesystem::path& index) {
  constexpr std::uintmax_t kLargest = 1U << 24U;
  const nlohmann::json json = read_json_object(index, kLargest);
  const auto map = json.find("weight_map");
  if (map == json.end() || !map->is_object()) refuse_file(index, "it has no weight_map: download it again");
  std::map<std::string, std::string> files;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string()) refuse_file(index, "its weight_map must hold file names: download it again");
    files.emplace(tensor, file.get<std::string>());
  }
  return files;
}

// Reads the parts that an index names: {"weight_map": {"visual.proj": "model-00001-of-00002.safetensors", …}}.
TensorsOfFile read_parts(const std::filesystem::path& index) {
  std::set<std::string> names;
  for (const auto& [tensor, name] : read_weight_map(index)) names.insert(name);
  TensorsOfFile all;
  for (const std::string& name : names) {
    if (name.empty() || name.find('/') != std::string::npos)
      refuse_file(index, "it names a file outside its folder: " + nlohmann::json(name).dump());
    TensorsOfFile part = read_tensors(index.parent_path() / name);
    all.tensors.merge(part.tensors);
    if (!part.tensors.empty()) refuse_file(index, "two of its parts hold the tensor " + part.tensors.begin()->first);
    all.format = part.format + " in " + std::to_string(names.size()) + " parts";
  }
  if (names.empty()) refuse_file(index, "its weight_map names no files");
  return all;
}

// "model-00001-of-00002.safetensors" is one part of two.
bool is_part(const std::filesystem::path& path) {
  const std::string stem = path.stem().string();
  return stem.find("-of-") != std::string::npos;
}

}  // namespace

Weights read_weights(const std::filesystem::path& path) {
  const std::filesystem::path file = std::filesystem::is_directory(path) ? file_in(path) : path;
  if (is_part(file)) {
    refuse_file(file, "it is one part of the weights: give the folder, or the index file (…index.json) in it");
  }
  TensorsOfFile read = ends_with(file.string(), ".index.json") ? read_parts(file) : read_tensors(file);
  return with_known_names(std::move(read.tensors), file, read.format);
}

}  // namespace clip
