// Parameters that every trained head has, so that they mean the same in all.
#pragma once

#include <trefoil/parameters.h>

#include "descent.h"

namespace trefoil::training {

constexpr Parameter learning_rate(double fallback) {
  return parameter::real("lr", fallback, {0, 1}, "learning rate of the first step; it falls to 0 along a cosine");
}

constexpr Parameter epochs(std::int64_t fallback, SearchRange range) {
  return parameter::searched(
      parameter::integer("epochs", fallback, {1, 1e6}, "how often every support image is learnt from"), range);
}

constexpr Parameter weight_decay(double fallback) {
  return parameter::real("weight_decay", fallback, {0, 100}, "AdamW's decay of what is trained, times lr a step");
}

constexpr Parameter epsilon(double fallback) {
  return parameter::real("epsilon", fallback, {1e-12, 1}, "AdamW's ε: gradients well below it move little");
}

constexpr Parameter kOwnKey =
    parameter::choice("own_key", "mask|keep", "whether an image sees its own key while training; keep is as published");

constexpr Parameter kBatch = parameter::integer(
    "batch", 0, {0, 1e9}, "images in a step, in an order shuffled by the seed; 0 is all of them in one step");

// The values of these.
inline Settings settings_of(const Parameters& parameters, std::uint64_t seed) {
  Settings settings;
  settings.rate = parameters.real("lr");
  settings.epochs = parameters.integer("epochs");
  settings.weight_decay = parameters.real("weight_decay");
  settings.epsilon = parameters.real("epsilon");
  settings.batch = parameters.integer("batch");
  settings.masked = parameters.text("own_key") == "mask";
  settings.seed = seed;
  return settings;
}

}  // namespace trefoil::training
