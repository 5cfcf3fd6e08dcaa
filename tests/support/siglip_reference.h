// The features of the small SigLIP model, computed with plain loops in double precision.
#pragma once

#include <vector>

#include "support/clip_model.h"

namespace tests {

// pixels [3, R, R]
std::vector<double> siglip_image_feature(const NamedTensors& tensors, const torch::Tensor& pixels);

// `ids` fill the whole context.
std::vector<double> siglip_text_feature(const NamedTensors& tensors, const std::vector<std::int64_t>& ids);

}  // namespace tests
