// Things in the image besides the object.
#pragma once

#include "world/canvas.h"
#include "world/random.h"

namespace trefoil::demo {

// Paints a pebble, a twig, a leaf or a scrap of paper, in muted colours. The canvas's unit is half the short side.
void paint_clutter(Canvas& canvas, Random& random);

// Paints a bar over the object, from one side of the image. `width` is in the canvas's unit.
void paint_occluder(Canvas& canvas, double width, Random& random);

}  // namespace trefoil::demo
