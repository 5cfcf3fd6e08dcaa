// Files of Python's torch.save and torch.jit.save (PyTorch 1.6 or later), read as data: no code in them is compiled or
// run.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "trefoil/tensor.h"

namespace trefoil::formats {

// The tensors of the file by name, on the CPU, in their stored type. A name is the path to the tensor through
// dictionaries, module attributes and lists: "state_dict.visual.proj". A file that holds one tensor has the name "".
// Attributes that are no tensors are left out, and so is the code of TorchScript. Throws DataError when the file is
// missing or damaged, imports anything but the parts of tensors, or promises more tensors than it has bytes for.
std::map<std::string, torch::Tensor> read_torch_file(const std::filesystem::path& path);

// The single tensor in such a file.
torch::Tensor read_torch_tensor(const std::filesystem::path& path);

}  // namespace trefoil::formats
