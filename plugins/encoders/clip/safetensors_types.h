// Types of tensors in a .safetensors file that weights of CLIP do not have.
#pragma once

#include <filesystem>

namespace clip {

// Throws std::runtime_error that names the file, the first tensor of such a type, and what to do. A damaged file is
// left to trefoil::read_safetensors.
void refuse_unsupported_types(const std::filesystem::path& path);

}  // namespace clip
