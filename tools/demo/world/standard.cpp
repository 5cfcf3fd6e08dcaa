// Draws the standard of a class.
#include "world/standard.h"

#include "world/backdrop.h"
#include "world/palette.h"
#include "world/random.h"

namespace trefoil::demo {

Standard typical() { return {}; }

Standard draw_standard(const Kind& kind, std::uint64_t seed) {
  constexpr double kHasHabitat = 0.7;
  std::uint64_t own_seed = seed;
  own_seed = own_seed * 31 + kind.subset;
  for (const std::size_t word : kind.words) own_seed = own_seed * 31 + word;
  Random random(own_seed);
  Standard standard;
  standard.mean = {random.normal(), random.normal(), random.normal(), random.normal(), random.normal()};
  standard.spread = 0.35;
  if (random.chance(kHasHabitat)) standard.habitat = random.below(kFamiliarBackdrops);
  standard.accent = random.below(kAccents);
  return standard;
}

}  // namespace trefoil::demo
