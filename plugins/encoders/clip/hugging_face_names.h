// Hugging Face's names for the tensors of CLIP and SigLIP.
#pragma once

#include <filesystem>

#include "weights.h"

namespace clip {

// Returns the tensors under OpenAI's names, and SigLIP's pooling of images under visual.pool. Query, key and value
// projections are joined, and the two output projections are transposed. An unknown name stays unchanged;
// Weights::require_all_taken reports it. Throws std::runtime_error that names `path` if one part of a joined tensor is
// missing.
NamedTensors from_hugging_face(NamedTensors tensors, const std::filesystem::path& path);

}  // namespace clip
