// Parameters that several relations share.
#pragma once

#include <trefoil/parameters.h>

namespace relations {

constexpr trefoil::Parameter kLogitScale = trefoil::parameter::real(
    "logit_scale", 100, {0, 1e6}, "s, factor on the similarity of image and text; CLIP uses 100");
// The defaults and search ranges of α and β come from results on caltech51, WHU-RS19 and track1_like
// (experiments/RESULTS.md).
constexpr trefoil::Parameter kAlpha = trefoil::parameter::searched(
    trefoil::parameter::real("alpha", 4, {0, 1e6},
                             "α, weight of the cache logits against the text logits; 0: zero-shot CLIP"),
    {0.5, 32, 13, true});
constexpr trefoil::Parameter kBeta = trefoil::parameter::searched(
    trefoil::parameter::real("beta", 4, {0, 1e6},
                             "β, sharpness of the kernel: how fast the affinity of two images falls"),
    {0.5, 16, 11, true});

}  // namespace relations
