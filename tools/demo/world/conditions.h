// How hard the pictures are.
#pragma once

#include <cstddef>

namespace trefoil::demo {

struct Between {
  double low = 0;
  double high = 0;
};

struct Conditions {
  Between scale;                 // of the object, as a share of the picture's short side
  double rotation = 0;           // at most, in degrees either way
  std::size_t most_clutter = 0;  // pieces lying about behind the object
  double occluded = 0;           // the probability that something lies in front
  Between occluder;              // its width as a share of the short side
  Between gain;                  // the light's strength, 1 as painted
  double gradient = 0;           // at most, the light's change from the middle to the edge
  Between warmth;                // of the light: 0.3 is a late evening, below 0 a cloudy day
  double blur = 0;               // at most, the deviation as a share of the short side
  double noise = 0;              // at most, the deviation in 255ths
  std::size_t backdrops = 0;     // the first so many occur
};

Conditions training_conditions();

// Another season and another photographer: more of everything, evening light, backdrops that training never has.
Conditions task_conditions();

}  // namespace trefoil::demo
