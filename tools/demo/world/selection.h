// Which kinds a few-shot task asks for.
#pragma once

#include <cstddef>
#include <vector>

#include "world/kind.h"
#include "world/random.h"

namespace trefoil::demo {

// Different kinds of a subset that training never shows, their words spread evenly. Throws std::invalid_argument when
// there are fewer than `count`.
std::vector<Kind> choose_held_out(std::size_t subset, std::size_t count, Random& random);

}  // namespace trefoil::demo
