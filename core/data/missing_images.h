// What is done about classes without training images, in every layout that has texts of its own.
#pragma once

#include "data/task.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

inline constexpr Parameter kMissingImages = parameter::choice(
    "missing_images", "none|text",
    "what a class without training images has among the cached ones: nothing, or images estimated from its text");

// Does what data.missing_images says, and leaves a note of it in the task.
void fill_missing_images(Task& task, const Parameters& parameters);

}  // namespace trefoil::data
