// Reads the file formats in which CLIP's weights are released. No code in a file is run.
#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "hugging_face_names.h"
#include "trefoil/tensor_file.h"
#include "weights.h"

namespace clip {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

std::string first_bytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream || !std::filesystem::is_regular_file(path)) refuse(path, "there is no such file, or it cannot be read");
  std::array<char, 16> bytes{};
  stream.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(stream.gcount())};
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

// Returns whether a tensor is not a weight: a single integer (sizes in OpenAI's archives, counters of batch
// normalisation), the position ids in older Hugging Face files, or the mask of causal attention.
bool is_bookkeeping(const std::string& name, const torch::Tensor& tensor) {
  constexpr std::string_view kPositions = ".embeddings.position_ids";
  const bool position = name.size() > kPositions.size() && name.substr(name.size() - kPositions.size()) == kPositions;
  constexpr std::string_view kMask = "attn_mask";
  const bool mask = name.size() >= kMask.size() && name.substr(name.size() - kMask.size()) == kMask;
  return position || mask || (tensor.dim() == 0 && !at::isFloatingType(tensor.scalar_type()));
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
  if (tensors.count("text_model.final_layer_norm.weight") == 0) return {std::move(tensors), path, format};
  return {from_hugging_face(std::move(tensors), path), path, format + " with Hugging Face's names"};
}

// Training checkpoints store the model under "state_dict", beside the optimiser's tensors. In models trained on several
// GPUs every name begins with "module.".
Weights read_torch_weights(const std::filesystem::path& path) {
  NamedTensors tensors = inside(inside(trefoil::read_torch_file(path), "state_dict."), "module.");
  return with_known_names(std::move(tensors), path, "PyTorch file");
}

bool looks_like_safetensors(std::string_view bytes) {
  constexpr std::size_t kLengthBytes = 8;
  return bytes.size() > kLengthBytes && bytes[kLengthBytes] == '{';
}

}  // namespace

Weights read_weights(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  if (bytes.empty()) refuse(path, "the file is empty");
  if (starts_with(bytes, "PK\x03\x04")) return read_torch_weights(path);
  if (looks_like_safetensors(bytes)) {
    return with_known_names(inside(trefoil::read_safetensors(path), "module."), path, "safetensors file");
  }
  if (bytes.front() == '\x80') {
    refuse(
        path,
        "it is a Python pickle that is not in a zip file (torch.save of PyTorch before 1.6): load it with Python and "
        "save it again as .pt or .safetensors");
  }
  refuse(path, "it is neither a file of torch.save or torch.jit.save nor a .safetensors file: check the path");
}

}  // namespace clip
