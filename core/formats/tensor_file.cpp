#include "trefoil/tensor_file.h"

#include "formats/array.h"
#include "formats/torch_file.h"

namespace trefoil {

std::map<std::string, torch::Tensor> read_safetensors(const std::filesystem::path& path) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& [name, header] : formats::read_safetensors_header(path).tensors) {
    tensors.emplace(name, formats::read_tensor(path, header));
  }
  return tensors;
}

std::map<std::string, torch::Tensor> read_torch_file(const std::filesystem::path& path) {
  return formats::read_torch_file(path);
}

torch::Tensor read_tensor(const std::filesystem::path& path) { return formats::open_array(path)->read_all(); }

}  // namespace trefoil
