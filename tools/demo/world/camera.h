// Makes a photo of a painted scene.
#pragma once

#include <opencv2/core.hpp>

#include "world/random.h"
#include "world/scene.h"

namespace trefoil::demo {

// Applies the scene's light, blur and grain to the image (CV_8UC3, BGR).
void photograph(cv::Mat& picture, const Scene& scene, Random& random);

}  // namespace trefoil::demo
