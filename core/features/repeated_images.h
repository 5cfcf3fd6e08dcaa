// Finds images that a data set has more than once, by the SHA-256 of their files.
#pragma once

#include <string>
#include <vector>

#include "base/sha256.h"
#include "data/dataset.h"

namespace trefoil::features {

// Images and the SHA-256 of each.
struct HashedImages {
  const std::vector<data::ImageEntry>& images;
  const std::vector<base::Digest>& contents;
};

// Returns warnings about training images that are there twice, in one class or in two, and about test images that are
// training images too. `training` are the images that the classifier learns from.
std::vector<std::string> repeated_images(const HashedImages& training, const HashedImages& test);

}  // namespace trefoil::features
