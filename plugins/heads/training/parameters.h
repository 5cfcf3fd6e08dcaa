// Parameters that all heads of this folder share.
#pragma once

#include <trefoil/parameters.h>

#include "descent.h"

namespace head_training {

constexpr trefoil::Parameter learning_rate(double fallback) {
  return trefoil::parameter::real("lr", fallback, {0, 1},
                                  "learning rate of the first step; it falls to 0 along a cosine");
}

constexpr trefoil::Parameter epochs(std::int64_t fallback, trefoil::SearchRange range) {
  return trefoil::parameter::searched(
      trefoil::parameter::integer("epochs", fallback, {1, 1e6}, "number of passes over the support images"), range);
}

constexpr trefoil::Parameter weight_decay(double fallback) {
  return trefoil::parameter::real("weight_decay", fallback, {0, 100},
                                  "weight decay of AdamW, multiplied by the learning rate in each step");
}

constexpr trefoil::Parameter epsilon(double fallback) {
  return trefoil::parameter::real("epsilon", fallback, {1e-12, 1}, "ε of AdamW; gradients far below it change little");
}

constexpr trefoil::Parameter kOwnKey = trefoil::parameter::choice(
    "own_key", "mask|keep", "whether training masks an image's own key; the published methods keep it");

constexpr trefoil::Parameter kBatch = trefoil::parameter::integer(
    "batch", 0, {0, 1e9}, "images per step, in an order shuffled by the seed; 0: all images in one step");

inline bool masks_own_key(const trefoil::Parameters& parameters) { return parameters.text("own_key") == "mask"; }

// Returns the values of these parameters.
inline Settings settings_of(const trefoil::Parameters& parameters, std::uint64_t seed) {
  Settings settings;
  settings.rate = parameters.real("lr");
  settings.epochs = parameters.integer("epochs");
  settings.weight_decay = parameters.real("weight_decay");
  settings.epsilon = parameters.real("epsilon");
  settings.batch = parameters.integer("batch");
  settings.masked = masks_own_key(parameters);
  settings.seed = seed;
  return settings;
}

}  // namespace head_training
