// What the colour words look like.
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

// A shade that the word covers. `hue` goes from one end of the word's range to the other, `lightness` from dark to
// light, each -2 to 2 with 0 in the middle. Throws std::logic_error for a word that is no colour.
Colour shade_of(std::string_view word, double hue = 0, double lightness = 0);

// A second colour for patterns, to be seen well on the first, of one of kAccents characters.
constexpr std::size_t kAccents = 4;
Colour accent_on(const Colour& base, std::size_t accent);

// For outlines and thin legs.
Colour ink_of(const Colour& base);

}  // namespace trefoil::demo
