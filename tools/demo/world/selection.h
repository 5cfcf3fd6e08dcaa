// Selects the classes of a few-shot task.
#pragma once

#include <cstddef>
#include <vector>

#include "world/kind.h"
#include "world/random.h"

namespace trefoil::demo {

// Returns `count` different held-out kinds of a subset, in which all words are used about equally often. Throws
// std::invalid_argument when there are fewer.
std::vector<Kind> choose_held_out(std::size_t subset, std::size_t count, Random& random);

}  // namespace trefoil::demo
