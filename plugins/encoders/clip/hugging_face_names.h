// Hugging Face's names of CLIP's tensors.
#pragma once

#include <filesystem>

#include "weights.h"

namespace clip {

// The same tensors under OpenAI's names: query, key and value projections joined, the two output projections
// transposed. A name that is not known stays as it is, to be reported as left over. Throws std::runtime_error, naming
// `path`, when one part of a joined tensor is missing.
NamedTensors from_hugging_face(NamedTensors tensors, const std::filesystem::path& path);

}  // namespace clip
