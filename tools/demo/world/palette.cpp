// The ranges of the colour words, and the colours derived from a colour.
#include "world/palette.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace trefoil::demo {

namespace {

struct Range {
  std::string_view word;
  Colour one_end;
  Colour other_end;
};

constexpr Range kRanges[] = {
    {"red", rgb(196, 20, 46), rgb(226, 44, 32)},       {"orange", rgb(238, 112, 18), rgb(250, 146, 36)},
    {"yellow", rgb(250, 206, 28), rgb(248, 228, 74)},  {"green", rgb(28, 128, 66), rgb(92, 170, 52)},
    {"blue", rgb(30, 72, 196), rgb(44, 136, 228)},     {"purple", rgb(98, 38, 150), rgb(148, 74, 188)},
    {"pink", rgb(242, 112, 166), rgb(250, 158, 186)},  {"brown", rgb(98, 58, 30), rgb(140, 92, 54)},
    {"white", rgb(242, 244, 248), rgb(242, 236, 226)}, {"black", rgb(24, 24, 30), rgb(46, 42, 46)}};

constexpr Colour kCream = rgb(240, 228, 196);
constexpr Colour kPale = rgb(178, 194, 216);
constexpr Colour kCharcoal = rgb(78, 80, 96);
constexpr Colour kSlate = rgb(116, 128, 152);

}  // namespace

Colour mix(const Colour& one, const Colour& other, double share_of_other) {
  const auto share = static_cast<float>(share_of_other);
  return {one.blue + (other.blue - one.blue) * share, one.green + (other.green - one.green) * share,
          one.red + (other.red - one.red) * share};
}

Colour shade_of(std::string_view word, double hue, double lightness) {
  for (const Range& range : kRanges) {
    if (range.word != word) continue;
    const Colour shade = mix(range.one_end, range.other_end, std::clamp(0.5 + hue / 4, 0.0, 1.0));
    return mix(shade, lightness > 0 ? kWhite : kBlack, std::min(std::abs(lightness), 2.0) * 0.055);
  }
  throw std::logic_error("no such colour: " + std::string(word));
}

Colour accent_on(const Colour& base, std::size_t accent) {
  constexpr double kVisible = 70;  // smallest visible difference in luminance
  const Colour candidates[kAccents] = {mix(base, kWhite, 0.65), kPale, kCream, kCharcoal};
  const Colour& candidate = candidates[accent];
  if (std::abs(luminance(candidate) - luminance(base)) >= kVisible) return candidate;
  return luminance(base) > 128 ? kSlate : kCream;
}

Colour ink_of(const Colour& base) {
  constexpr double kDarkest = 60;  // a darker line on a darker colour is not visible
  return luminance(base) < kDarkest ? mix(base, kWhite, 0.4) : mix(base, kBlack, 0.6);
}

}  // namespace trefoil::demo
