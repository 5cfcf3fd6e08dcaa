// Standard: what all images of a class share although its name does not say it, like the standard of a breed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "world/kind.h"

namespace trefoil::demo {

// In standard deviations over all classes, about -2 to 2.
struct Traits {
  double hue = 0;  // within the range of the colour word
  double lightness = 0;
  double size = 0;
  double elongation = 0;
  double grain = 0;  // size of the pattern
};

struct Standard {
  Traits mean;
  double spread = 1;                   // standard deviation of single images about the mean, in the same unit
  std::optional<std::size_t> habitat;  // the class's usual background
  std::optional<std::size_t> accent;   // see accent_on
};

// A standard without any preference: the images of a class share nothing but the name.
Standard typical();

// Returns the standard of a class. The same seed gives the same standard.
Standard draw_standard(const Kind& kind, std::uint64_t seed);

}  // namespace trefoil::demo
