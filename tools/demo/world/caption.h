// Captions of the training images.
#pragma once

#include <string>
#include <vector>

#include "world/random.h"
#include "world/scene.h"

namespace trefoil::demo {

// Returns a caption: mostly "a photo of a striped red star.", sometimes in other words or with the background. It
// always has the full name and the article "a", like the prompts of classes.
std::string caption(const Scene& scene, Random& random);

// Returns all words of names, captions and backgrounds, sorted and without repetition.
std::vector<std::string> all_words();

}  // namespace trefoil::demo
