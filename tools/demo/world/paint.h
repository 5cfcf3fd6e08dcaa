// What a surface is covered with.
#pragma once

#include <string_view>

#include "world/palette.h"

namespace trefoil::demo {

enum class Pattern { plain, stripes, dots, checks, frame, bands, net };

// Of a pattern's or a coat's word. Throws std::logic_error for a word that is neither.
Pattern pattern_of(std::string_view word);

struct Paint {
  Colour base;
  Pattern pattern = Pattern::plain;
  Colour second = {};     // of the pattern
  double grain = 1;       // how large the pattern is, about 0.7 to 1.4
  double outline = 0.05;  // width of the dark line around, in object coordinates; 0 for none
  double shading = 0.2;   // how much darker the side away from the light is; 0 is flat
};

// Small parts: no outline, no shading.
inline Paint flat(const Colour& colour) { return {colour, Pattern::plain, {}, 1, 0, 0}; }

}  // namespace trefoil::demo
