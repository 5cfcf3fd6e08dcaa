// Subset search: chooses the subset of a given size with a low cost.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace trefoil::data {

// The cost of a subset of 0 … count − 1.
using SubsetCost = std::function<double(const std::vector<std::size_t>&)>;

// Returns `size` of the numbers 0 … count − 1, as PAM does (Kaufman & Rousseeuw, 1990): BUILD adds numbers one by one,
// each time the one with the lowest cost. SWAP then makes the replacement that lowers the cost most, as long as one
// lowers it. Changes of the cost below 1e-9 count as none, so that rounding errors do not decide; the first of equal
// ones is chosen. Takes O(size · count) calls of `cost` for each step.
std::vector<std::size_t> search_subset(std::size_t count, std::size_t size, const SubsetCost& cost);

}  // namespace trefoil::data
