// How hard the images are.
#pragma once

#include <cstddef>

namespace trefoil::demo {

struct Between {
  double low = 0;
  double high = 0;
};

struct Conditions {
  Between scale;                 // object size as a fraction of the image's short side
  double rotation = 0;           // largest rotation in degrees, in both directions
  std::size_t most_clutter = 0;  // largest number of small things behind the object
  double occluded = 0;           // probability of a bar in front of the object
  Between occluder;              // width of the bar as a fraction of the short side
  Between gain;                  // strength of the light; 1: as painted
  double gradient = 0;           // largest change of the light from the middle to the edge
  Between warmth;                // colour of the light: 0.3 is late evening, below 0 a cloudy day
  double blur = 0;               // largest standard deviation, as a fraction of the short side
  double noise = 0;              // largest standard deviation, in 255ths
  std::size_t backdrops = 0;     // the first `backdrops` backgrounds are used
};

Conditions training_conditions();

// Harder than the training: more of everything, evening light, and backgrounds that training never uses.
Conditions task_conditions();

}  // namespace trefoil::demo
