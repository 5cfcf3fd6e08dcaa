// Recognises weights of models that this encoder does not compute.
#pragma once

#include <string>

#include "weights.h"

namespace clip {

// Returns what the weights are and what is missing here, such as "a DINOv2 model, which has no text encoder". Returns
// "" if they are not of a model that is known here. The names of the tensors are those of the file.
std::string other_model(const NamedTensors& tensors);

}  // namespace clip
