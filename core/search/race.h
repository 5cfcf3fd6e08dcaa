// Race: which settings are worth evaluating on more held-out queries (Maron and Moore, "Hoeffding Races: Accelerating
// Model Selection Search for Classification and Function Approximation", NeurIPS 1993).
#pragma once

#include <cstdint>
#include <vector>

namespace trefoil::search {

// The fewest queries on which a race is decided. With fewer, the standard error is too uncertain.
constexpr std::int64_t kLeastRaceQueries = 200;

// losses[i] has the loss of setting i on each query; all settings have the same queries. Returns for each setting
// whether it stays: whether its mean loss is at most four standard errors above the lowest mean. The standard error is
// that of the paired differences, query by query.
std::vector<bool> stays_in_race(const std::vector<std::vector<float>>& losses);

}  // namespace trefoil::search
