// The names of SigLIP's tensors in open_clip's files, whose image encoder is that of timm.
#pragma once

#include <filesystem>

#include "weights.h"

namespace clip {

// Returns whether the tensors have these names.
bool has_timm_names(const NamedTensors& tensors);

// Returns the tensors under the names that from_hugging_face (hugging_face_names.h) gives them. An unknown name stays
// unchanged; Weights::require_all_taken reports it. Throws std::runtime_error that names `path` if one part of a joined
// tensor is missing.
NamedTensors from_timm(NamedTensors tensors, const std::filesystem::path& path);

}  // namespace clip
