// The parameter data.missing_images: what to do about classes without training images.
#pragma once

#include "data/task.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

inline constexpr Parameter kMissingImages = parameter::choice(
    "missing_images", "none|text",
    "what to do when a class has no training images: leave it without, or estimate image features from its text");

// Does what data.missing_images says, and adds a note to the task.
void fill_missing_images(Task& task, const Parameters& parameters);

}  // namespace trefoil::data
