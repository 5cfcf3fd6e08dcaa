// Validation shots: the few validation images of each class that a search may use.
#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

inline constexpr Parameter kValShots =
    parameter::integer("val_shots", 0, {0, 1e9},
                       "largest number of validation images of each class for objective val, and not more than shots; "
                       "the first ones if choose is first, random ones otherwise; 0: none");

// Returns min(val_shots, shots) of the images of each class, as CoOp does with val_shots = 4; val_shots when shots is
// 0.
std::vector<ImageEntry> validation_shots(const std::vector<ImageEntry>& images, const Parameters& parameters,
                                         std::uint64_t seed);

}  // namespace trefoil::data
