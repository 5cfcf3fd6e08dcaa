// The colours of the colour words.
#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <string_view>

namespace trefoil::demo {

struct Colour {
  float blue = 0;  // each 0 to 255
  float green = 0;
  float red = 0;
};

constexpr Colour rgb(float red, float green, float blue) { return {blue, green, red}; }
constexpr Colour kWhite = rgb(255, 255, 255);
constexpr Colour kBlack = rgb(0, 0, 0);

inline cv::Scalar scalar(const Colour& colour) { return {colour.blue, colour.green, colour.red}; }

Colour mix(const Colour& one, const Colour& other, double share_of_other);

constexpr double luminance(const Colour& colour) {
  return 0.114 * colour.blue + 0.587 * colour.green + 0.299 * colour.red;
}

// Returns a shade of a colour word. `hue` goes from one end of the word's range to the other, `lightness` from dark to
// light; both are -2 to 2, with 0 in the middle. Throws std::logic_error for a word that is not a colour.
Colour shade_of(std::string_view word, double hue = 0, double lightness = 0);

// Returns a second colour for patterns, well visible on the first. `accent` is below kAccents.
constexpr std::size_t kAccents = 4;
Colour accent_on(const Colour& base, std::size_t accent);

// Returns a dark colour for outlines and thin legs.
Colour ink_of(const Colour& base);

}  // namespace trefoil::demo
