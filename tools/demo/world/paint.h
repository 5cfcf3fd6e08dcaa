// Paint: the colours and the pattern of a surface.
#pragma once

#include <string_view>

#include "world/palette.h"

namespace trefoil::demo {

enum class Pattern { plain, stripes, dots, checks, frame, bands, net };

// Returns the pattern of a word for a pattern or a coat. Throws std::logic_error for another word.
Pattern pattern_of(std::string_view word);

struct Paint {
  Colour base;
  Pattern pattern = Pattern::plain;
  Colour second = {};     // the pattern's second colour
  double grain = 1;       // size of the pattern, about 0.7 to 1.4
  double outline = 0.05;  // width of the dark outline in object coordinates; 0: none
  double shading = 0.2;   // how much darker the side away from the light is; 0: flat
};

// Paint for small parts, without outline and shading.
inline Paint flat(const Colour& colour) { return {colour, Pattern::plain, {}, 1, 0, 0}; }

}  // namespace trefoil::demo
