// Reads files of Python's torch.save and torch.jit.save (PyTorch 1.6 or later) as data. No code in them is compiled or
// run.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "trefoil/tensor.h"

namespace trefoil::formats {

// Returns the tensors of the file by name, on the CPU, in their stored type. A name is the path to the tensor through
// dictionaries, module attributes and lists: "state_dict.visual.proj". If the file is a single tensor, its name is "".
// Other attributes, and the code of TorchScript, are skipped. Throws DataError when the file is missing or damaged,
// when it imports something that tensors do not need, or when it describes more tensors than it has bytes for.
std::map<std::string, torch::Tensor> read_torch_file(const std::filesystem::path& path);

// Returns the tensor of this name. `name` may be empty when the file has only one tensor.
torch::Tensor read_torch_tensor(const std::filesystem::path& path, const std::string& name = "");

}  // namespace trefoil::formats
