// Confused images: queries that were given a wrong class, beside training images of that class.
#pragma once

#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/metrics.h"

namespace trefoil::run {

// Images as texts that a page can show: "data:image/jpeg;base64,…".
struct ConfusedPictures {
  const pipeline::Confusion* pair = nullptr;
  std::vector<std::string> queries;   // of the true class
  std::vector<std::string> training;  // of the predicted class
};

// A few images of each pair. Pairs without images are left out, as are images that cannot be read any more. The result
// points into `pairs`.
std::vector<ConfusedPictures> confused_pictures(const std::vector<pipeline::Confusion>& pairs, const data::Task& task);

}  // namespace trefoil::run
