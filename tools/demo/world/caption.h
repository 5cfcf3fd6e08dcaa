// What is written under the pictures that a model is trained with.
#pragma once

#include <string>
#include <vector>

#include "world/random.h"
#include "world/scene.h"

namespace trefoil::demo {

// Mostly "a photo of a striped red star.", at times in other words, and at times with the backdrop. It always has the
// full name, and always "a", as the prompts for classes do.
std::string caption(const Scene& scene, Random& random);

// Every word of names, captions and backdrops, sorted, each once.
std::vector<std::string> all_words();

}  // namespace trefoil::demo
