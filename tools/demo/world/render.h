// Renders images of scenes.
#pragma once

#include <opencv2/core.hpp>

#include "world/scene.h"

namespace trefoil::demo {

// Returns the image (CV_8UC3, BGR). The object is in the middle square, whose side is the image's short side. The same
// scene in another size gives the same image, except for its grain.
cv::Mat render(const Scene& scene, cv::Size size);

}  // namespace trefoil::demo
