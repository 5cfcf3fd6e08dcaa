/// @file
/// Readers of tensor files, for plugins that read weights or features.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "trefoil/tensor.h"

namespace trefoil {

/// Returns all tensors of a `.safetensors` file by name, on the CPU, in their stored types (F16 BF16 F32 F64 U8 I32
/// I64). All sizes in the file are checked against the file's size before they are used. Throws std::runtime_error that
/// names the file and the problem.
std::map<std::string, torch::Tensor> read_safetensors(const std::filesystem::path& path);

/// Returns all tensors of a file of Python's torch.save or torch.jit.save (PyTorch 1.6 or later), on the CPU, in their
/// stored types. A name is the path to the tensor through dictionaries, modules and lists, such as
/// "state_dict.visual.proj". No code in the file is run; a file that imports anything but the parts of tensors is
/// refused. Throws std::runtime_error that names the file and the problem.
std::map<std::string, torch::Tensor> read_torch_file(const std::filesystem::path& path);

/// Returns one tensor of at least one dimension, on the CPU, in its stored type. `path` is a `.npy` file
/// (`<f2 <f4 <f8 <i4 <i8`, C order), a `.safetensors` file with a single tensor, or `FILE.safetensors#NAME`. Throws
/// std::runtime_error that names the file and the problem.
torch::Tensor read_tensor(const std::filesystem::path& path);

}  // namespace trefoil
