// From a painted scene to a photo of it.
#pragma once

#include <opencv2/core.hpp>

#include "world/random.h"
#include "world/scene.h"

namespace trefoil::demo {

// Lights, blurs and adds grain to a picture (CV_8UC3, BGR), as the scene says.
void photograph(cv::Mat& picture, const Scene& scene, Random& random);

}  // namespace trefoil::demo
