// Things that are not what the picture is about.
#pragma once

#include "world/canvas.h"
#include "world/random.h"

namespace trefoil::demo {

// A pebble, a twig, a leaf or a scrap of paper, in muted colours. On this canvas 1 is half the short side.
void paint_clutter(Canvas& canvas, Random& random);

// A bar that reaches into the picture from one side, over the object. `width` is in the canvas's unit.
void paint_occluder(Canvas& canvas, double width, Random& random);

}  // namespace trefoil::demo
