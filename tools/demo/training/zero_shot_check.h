// ZeroShotCheck: the zero-shot accuracy of a trained model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "world/kind.h"

namespace trefoil::demo {

struct ZeroShotAccuracy {
  std::string_view subset;
  std::int64_t choices = 0;  // number of names to choose from, in both columns
  double seen = 0;           // accuracy in percent on kinds that were in the training
  double held_out = 0;       // accuracy in percent on kinds whose words were, but never together
};

struct ModelFiles {
  std::filesystem::path weights;
  std::filesystem::path merges;
};

// Returns one row per subset. Images under the conditions of the training are compared with the names of their subset.
// The model runs in the plugin `clip`'s code.
std::vector<ZeroShotAccuracy> check_zero_shot(const ModelFiles& model, std::int64_t pictures_each, std::uint64_t seed);

}  // namespace trefoil::demo
