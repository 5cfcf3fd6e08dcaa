// Pictures of scenes.
#pragma once

#include <opencv2/core.hpp>

#include "world/scene.h"

namespace trefoil::demo {

// CV_8UC3, BGR. The object lies in the middle square, whose side is the short one of the picture. The same scene in
// another size is the same picture but for its grain.
cv::Mat render(const Scene& scene, cv::Size size);

}  // namespace trefoil::demo
