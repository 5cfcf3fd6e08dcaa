// ZeroShotCheck: how well a finished model tells kinds apart by their names alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "world/kind.h"

namespace trefoil::demo {

struct ZeroShotAccuracy {
  std::string_view subset;
  std::int64_t choices = 0;  // names to choose from, in both cases
  double seen = 0;           // percent right, for kinds that were in the training
  double held_out = 0;       // and for kinds whose words were, but never together
};

struct ModelFiles {
  std::filesystem::path weights;
  std::filesystem::path merges;
};

// One row a subset. Every picture, of the same conditions as in the training, is compared with the names of its subset.
// The model runs as in the plugin `clip`.
std::vector<ZeroShotAccuracy> check_zero_shot(const ModelFiles& model, std::int64_t pictures_each, std::uint64_t seed);

}  // namespace trefoil::demo
