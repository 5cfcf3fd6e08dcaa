// Turns a data set of images into a task of features.
#pragma once

#include "data/dataset.h"
#include "data/prompts.h"
#include "data/task.h"
#include "features/feature_encoder.h"
#include "trefoil/parameters.h"

namespace trefoil::features {

// Chooses the support from the training images, and encodes the support, the prompts and the test images. `parameters`
// are those of an image layout (data/layouts.h). The features of the test images stay in the store, and the task reads
// them by blocks. Throws DataError, PluginError, Interrupted.
data::Task encode_task(const data::Dataset& dataset, const data::PromptSources& prompts, const Parameters& parameters,
                       std::uint64_t seed, FeatureEncoder& encoder);

}  // namespace trefoil::features
