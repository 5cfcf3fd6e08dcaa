// Tensors saved by Python's torch.save.
#pragma once

#include <filesystem>

#include "trefoil/tensor.h"

namespace trefoil::data {

// The single tensor in the file, on the CPU whatever device it was saved from. Throws DataError when the file is
// missing, is not in torch.save's zip format, or holds something else than a tensor.
torch::Tensor read_pickled_tensor(const std::filesystem::path& path);

}  // namespace trefoil::data
