// What all individuals of a class share though no name says it, like the standard of a breed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "world/kind.h"

namespace trefoil::demo {

// In standard deviations of the whole world, about -2 to 2.
struct Traits {
  double hue = 0;  // within what the colour word covers
  double lightness = 0;
  double size = 0;
  double elongation = 0;
  double grain = 0;  // how large the pattern is
};

struct Standard {
  Traits mean;
  double spread = 1;                   // of the individuals about the mean, in the same unit
  std::optional<std::size_t> habitat;  // the backdrop that most of them are seen on
  std::optional<std::size_t> accent;   // see accent_on
};

// No preference at all: every picture is an individual of its own.
Standard typical();

// The standard of a class, the same for the same seed.
Standard draw_standard(const Kind& kind, std::uint64_t seed);

}  // namespace trefoil::demo
