/// @file
/// Tensors in files, for plugins that bring weights or features of their own.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "trefoil/tensor.h"

namespace trefoil {

/// Every tensor of a `.safetensors` file by its name, on the CPU, in its stored type (F16 BF16 F32 F64 U8 I32 I64).
/// Nothing is believed before it has been checked against the file's size. Throws std::runtime_error naming the file
/// and what is wrong with it.
std::map<std::string, torch::Tensor> read_safetensors(const std::filesystem::path& path);

/// Every tensor in a file of Python's torch.save or torch.jit.save (PyTorch 1.6 or later), on the CPU, in its stored
/// type. A name is the path to the tensor through dictionaries, modules and lists: "state_dict.visual.proj". The file
/// is read as data: no code in it is run, and a file that imports anything but the parts of tensors is refused. Throws
/// std::runtime_error naming the file and what is wrong with it.
std::map<std::string, torch::Tensor> read_torch_file(const std::filesystem::path& path);

/// One tensor of at least one dimension, in its stored type: a `.npy` file (`<f2 <f4 <f8 <i4 <i8`, rows first), a
/// `.safetensors` file that holds one tensor, or `FILE.safetensors#NAME`. Throws std::runtime_error.
torch::Tensor read_tensor(const std::filesystem::path& path);

}  // namespace trefoil
