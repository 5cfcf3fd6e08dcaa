// Parameters that several relations share, so that they mean the same in all.
#pragma once

#include <trefoil/parameters.h>

namespace relations {

constexpr trefoil::Parameter kLogitScale = trefoil::parameter::real(
    "logit_scale", 100, {0, 1e6}, "s, factor on the similarity of image and text; CLIP's is 100");
// Defaults and ranges of α and β were read off caltech51, WHU-RS19 and track1_like (experiments/README.md).
constexpr trefoil::Parameter kAlpha = trefoil::parameter::searched(
    trefoil::parameter::real("alpha", 4, {0, 1e6},
                             "α, weight of the cached images against the text; 0 is zero-shot CLIP"),
    {0.5, 32, 13, true});
constexpr trefoil::Parameter kBeta = trefoil::parameter::searched(
    trefoil::parameter::real("beta", 4, {0, 1e6}, "β, sharpness: how fast the affinity of two images falls"),
    {0.5, 16, 11, true});

}  // namespace relations
