// The three released file formats of CLIP's weights.
#include <torch/csrc/jit/serialization/import.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "hugging_face_names.h"
#include "trefoil/tensor_file.h"
#include "weights.h"

namespace trefoil::clip {

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

// What stands for no weight: single integers, which are sizes that OpenAI's archives keep and counters of batch
// normalisation, and the position numbers that older Hugging Face files store.
bool is_bookkeeping(const std::string& name, const torch::Tensor& tensor) {
  constexpr std::string_view kPositions = ".embeddings.position_ids";
  const bool position = name.size() > kPositions.size() && name.substr(name.size() - kPositions.size()) == kPositions;
  return position || (tensor.dim() == 0 && !at::isFloatingType(tensor.scalar_type()));
}

NamedTensors without_bookkeeping(NamedTensors tensors) {
  for (auto entry = tensors.begin(); entry != tensors.end();) {
    entry = is_bookkeeping(entry->first, entry->second) ? tensors.erase(entry) : std::next(entry);
  }
  return tensors;
}

// Only the parameters are taken out; the program inside the archive is never run.
NamedTensors read_torchscript(const std::filesystem::path& path) {
  try {
    const torch::jit::Module module = torch::jit::load(path.string(), torch::kCPU);
    NamedTensors tensors;
    for (const auto& parameter : module.named_parameters()) tensors.emplace(parameter.name, parameter.value);
    for (const auto& buffer : module.named_buffers()) tensors.emplace(buffer.name, buffer.value);
    return tensors;
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    refuse(path,
           "it is a zip file, but no TorchScript archive that can be read (cut short, or saved by torch.save? then "
           "convert it to .safetensors): " +
               text.substr(0, text.find('\n')));
  }
}

Weights read_safetensors_weights(const std::filesystem::path& path) {
  NamedTensors tensors = without_bookkeeping(read_safetensors(path));
  if (tensors.count("text_model.final_layer_norm.weight") == 0)
    return {std::move(tensors), path, "open_clip safetensors"};
  return {from_hugging_face(std::move(tensors), path), path, "Hugging Face safetensors"};
}

bool looks_like_safetensors(std::string_view bytes) {
  constexpr std::size_t kLengthBytes = 8;
  return bytes.size() > kLengthBytes && bytes[kLengthBytes] == '{';
}

}  // namespace

Weights read_weights(const std::filesystem::path& path) {
  const std::string bytes = first_bytes(path);
  if (bytes.empty()) refuse(path, "the file is empty");
  if (starts_with(bytes, "PK\x03\x04")) {
    return {without_bookkeeping(read_torchscript(path)), path, "OpenAI's TorchScript archive"};
  }
  if (looks_like_safetensors(bytes)) return read_safetensors_weights(path);
  if (bytes.front() == '\x80') {
    refuse(path, "it is a Python pickle, which could run any code; convert it to .safetensors");
  }
  refuse(path, "it is neither a TorchScript archive nor a .safetensors file");
}

}  // namespace trefoil::clip
