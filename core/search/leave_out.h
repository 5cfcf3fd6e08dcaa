// Leaving out: which support images are set aside together, and the support without them.
#pragma once

#include <cstdint>
#include <vector>

#include "trefoil/support.h"

namespace trefoil::search {

// Numbers of support rows that are left out together: in fold k the k-th image of every class, the (k + 4)-th, and so
// on. Four folds at most: each costs one training. Images that are their class's only one are in no fold: without them
// nothing would be known of the class; nor are those of `estimated` [C] bool classes (undefined: none), which are no
// images. No folds at all when every class has one image, or none.
std::vector<std::vector<std::int64_t>> folds(const Support& support, const torch::Tensor& estimated = {});

// Without the rows (ascending), which leave every class that had images with one at least.
Support without(const Support& support, const std::vector<std::int64_t>& rows);

}  // namespace trefoil::search
