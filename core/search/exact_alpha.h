// The best α over all real numbers of a range.
#pragma once

#include <functional>
#include <vector>

#include "search/surface.h"

namespace trefoil::search {

// The middle of the widest interval of α within [from, to] on which most queries are right.
double most_right_alpha(const std::vector<RightInterval>& right, double from, double to);

// Where a smooth loss is least within [from, to], to a millionth of the range, by golden sections: exact when the loss
// falls and then rises, as −log p does, which is convex in α.
double least_loss_alpha(const std::function<double(double)>& loss, double from, double to);

}  // namespace trefoil::search
