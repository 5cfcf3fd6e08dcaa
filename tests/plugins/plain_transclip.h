// TransCLIP, written with loops.
#pragma once

#include <cstdint>

#include "trefoil/support.h"

namespace tests {

// Returns the class probabilities z [N, C] of the queries [N, D], float64, for the zero-shot classifier of the texts.
torch::Tensor plain_transclip(const trefoil::Support& support, const torch::Tensor& queries, std::int64_t neighbours,
                              double lambda, double gamma);

}  // namespace tests
