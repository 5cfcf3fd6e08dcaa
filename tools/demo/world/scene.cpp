// Draws the random choices of scenes.
#include "world/scene.h"

#include <algorithm>

#include "world/palette.h"

namespace trefoil::demo {

namespace {

double draw(const Between& between, Random& random) { return random.uniform(between.low, between.high); }

Traits draw_traits(const Standard& standard, Random& random) {
  const auto individual = [&](double mean) { return std::clamp(mean + standard.spread * random.normal(), -2.0, 2.0); };
  const Traits& mean = standard.mean;
  return {individual(mean.hue), individual(mean.lightness), individual(mean.size), individual(mean.elongation),
          individual(mean.grain)};
}

Pose draw_pose(const Traits& traits, const Conditions& conditions, Random& random) {
  Pose pose;
  pose.scale = std::clamp(draw(conditions.scale, random) * (1 + 0.06 * traits.size), conditions.scale.low, 1.0);
  pose.rotation = random.uniform(-conditions.rotation, conditions.rotation);
  pose.offset = {random.uniform(-1, 1), random.uniform(-1, 1)};
  pose.elongation = 1 + 0.07 * traits.elongation;
  pose.mirrored = random.chance(0.5);
  return pose;
}

Light draw_light(const Conditions& conditions, Random& random) {
  return {draw(conditions.gain, random), random.uniform(0, conditions.gradient), random.uniform(0, 6.2832),
          draw(conditions.warmth, random)};
}

}  // namespace

Scene draw_scene(const Kind& kind, const Standard& standard, const Conditions& conditions, Random& random) {
  constexpr double kAtHome = 0.6;  // probability that an image has the class's usual background
  Scene scene;
  scene.kind = kind;
  scene.traits = draw_traits(standard, random);
  scene.accent = standard.accent ? *standard.accent : random.below(kAccents);
  scene.pose = draw_pose(scene.traits, conditions, random);
  const bool at_home = standard.habitat && random.chance(kAtHome);
  scene.backdrop = at_home ? *standard.habitat : random.below(conditions.backdrops);
  scene.clutter = random.below(conditions.most_clutter + 1);
  if (random.chance(conditions.occluded)) scene.occluder = draw(conditions.occluder, random);
  scene.light = draw_light(conditions, random);
  scene.blur = random.uniform(0, conditions.blur);
  scene.noise = random.uniform(0, conditions.noise);
  scene.seed = random.bits();
  return scene;
}

}  // namespace trefoil::demo
