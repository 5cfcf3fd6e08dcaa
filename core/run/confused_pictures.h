// What the images look like that are taken for another class, beside training images of that class.
#pragma once

#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/metrics.h"

namespace trefoil::run {

// Pictures as texts that a page can show: "data:image/jpeg;base64,…".
struct ConfusedPictures {
  const pipeline::Confusion* pair = nullptr;
  std::vector<std::string> queries;   // of the class, taken for the other
  std::vector<std::string> training;  // of the other
};

// A few of each pair, for the pairs that have some; none where the queries are no images. An image that cannot be read
// any more is left out. The pairs outlive it.
std::vector<ConfusedPictures> confused_pictures(const std::vector<pipeline::Confusion>& pairs, const data::Task& task);

}  // namespace trefoil::run
