// The parameter data.choose of layouts of features: which rows of each class become the support.
#pragma once

#include "data/shots.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

inline constexpr Parameter kChooseRows = parameter::choice(
    "choose", kShotChoices,
    "how to choose the K rows: the first ones, random ones, the nearest to the class mean, k-medoids, the nearest to "
    "the class text, or K that together are most similar to all rows of the class");

// Returns the row numbers [m], in ascending order, that data.choose and data.shots choose. `rows` has features and
// texts. Throws Error when texts decide and a class has none, which means that its text row is zero.
torch::Tensor chosen_rows(const ShotCandidates& rows, const Parameters& parameters, std::uint64_t seed);

// Removes all other features and labels.
void keep_rows(ShotCandidates& rows, const torch::Tensor& kept);

// Returns the numbers of all other rows of `count`, in ascending order.
torch::Tensor other_rows(const torch::Tensor& rows, std::int64_t count);

}  // namespace trefoil::data
