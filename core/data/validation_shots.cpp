#include "data/validation_shots.h"

#include <ATen/ops/tensor.h>

#include <algorithm>

#include "data/shots.h"

namespace trefoil::data {

std::vector<ImageEntry> validation_shots(const std::vector<ImageEntry>& images, const Parameters& parameters,
                                         std::uint64_t seed) {
  const std::int64_t shots = parameters.integer("shots");
  const std::int64_t most = parameters.integer("val_shots");
  const std::int64_t count = shots > 0 ? std::min(most, shots) : most;
  if (count == 0) return {};
  std::vector<std::int64_t> labels;
  labels.reserve(images.size());
  for (const ImageEntry& image : images) labels.push_back(image.label);
  const ShotChoice choice = parameters.text("choose") == "first" ? ShotChoice::first : ShotChoice::random;
  std::vector<ImageEntry> chosen;
  for (const std::int64_t row : choose_shots({at::tensor(labels, torch::kLong), {}, {}}, count, choice, seed)) {
    chosen.push_back(images[static_cast<std::size_t>(row)]);
  }
  return chosen;
}

}  // namespace trefoil::data
