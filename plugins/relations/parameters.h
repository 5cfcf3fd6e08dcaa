// Parameters that several relations share, so that they mean the same in all.
#pragma once

#include <trefoil/parameters.h>

namespace relations {

constexpr trefoil::Parameter kLogitScale = trefoil::parameter::real(
    "logit_scale", 100, {0, 1e6}, "s, factor on the similarity of image and text; CLIP's is 100");
constexpr trefoil::Parameter kAlpha = trefoil::parameter::real(
    "alpha", 1, {0, 1e6}, "α, weight of the cached images against the text; 0 is zero-shot CLIP");
constexpr trefoil::Parameter kBeta =
    trefoil::parameter::real("beta", 5.5, {0, 1e6}, "β, sharpness: how fast the affinity of two images falls");

}  // namespace relations
