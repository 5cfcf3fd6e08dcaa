// The conditions of the training images and of the task's images.
#include "world/conditions.h"

#include "world/backdrop.h"

namespace trefoil::demo {

Conditions training_conditions() {
  Conditions conditions;
  conditions.scale = {0.66, 0.92};
  conditions.rotation = 12;
  conditions.most_clutter = 3;
  conditions.occluded = 0.1;
  conditions.occluder = {0.05, 0.1};
  conditions.gain = {0.8, 1.15};
  conditions.gradient = 0.2;
  conditions.warmth = {-0.1, 0.1};
  conditions.blur = 0.008;
  conditions.noise = 6;
  conditions.backdrops = kFamiliarBackdrops;
  return conditions;
}

Conditions task_conditions() {
  Conditions conditions;
  conditions.scale = {0.5, 0.96};
  conditions.rotation = 24;
  conditions.most_clutter = 8;
  conditions.occluded = 0.3;
  conditions.occluder = {0.06, 0.16};
  conditions.gain = {0.62, 1.1};
  conditions.gradient = 0.4;
  conditions.warmth = {0.25, 0.5};
  conditions.blur = 0.011;
  conditions.noise = 12;
  conditions.backdrops = kBackdrops;
  return conditions;
}

}  // namespace trefoil::demo
