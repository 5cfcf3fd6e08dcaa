// Lists of images as text, so that a test can compare them at a glance.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace tests {

// "NAME LABEL" of each image.
std::vector<std::string> lines_of(const std::vector<trefoil::data::ImageEntry>& images);

}  // namespace tests
