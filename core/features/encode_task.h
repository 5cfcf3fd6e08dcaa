// From images to a task: what the encoder makes of a dataset.
#pragma once

#include "data/dataset.h"
#include "data/prompts.h"
#include "data/task.h"
#include "features/feature_encoder.h"
#include "trefoil/parameters.h"

namespace trefoil::features {

// Chooses the support among the training images, encodes it, the prompts and the test images, and returns the task that
// the method works on. `parameters` are those of an image layout (data/layouts.h); the test images stay in the store
// and are read by blocks. Throws DataError, PluginError, Interrupted.
data::Task encode_task(const data::Dataset& dataset, const data::PromptSources& prompts, const Parameters& parameters,
                       std::uint64_t seed, FeatureEncoder& encoder);

}  // namespace trefoil::features
