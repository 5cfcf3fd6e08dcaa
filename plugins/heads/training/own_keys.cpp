#include "own_keys.h"

#include <ATen/ops/equal.h>

#include <stdexcept>
#include <string>

namespace head_training {

torch::Tensor own_class_gain(const torch::Tensor& labels, std::int64_t class_count) {
  const torch::Tensor keys = trefoil::class_counts(labels, class_count).index_select(0, labels).to(torch::kDouble);
  return keys / (keys - 1).clamp_min(1);
}

void require_own_keys(const trefoil::Classifier& start, const trefoil::Support& support) {
  if (start.key_count() == support.image_count() && torch::equal(start.labels, support.labels)) return;
  throw std::invalid_argument(
      "the relation's keys are not the support images in their order (keys: " + std::to_string(start.key_count()) +
      ", images: " + std::to_string(support.image_count()) +
      "), and own_key = \"mask\" needs that: set own_key = \"keep\", or use the relation tip or ape");
}

}  // namespace head_training
