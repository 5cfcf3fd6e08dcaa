#include "own_keys.h"

#include <ATen/ops/equal.h>

#include <stdexcept>
#include <string>

namespace trefoil::training {

torch::Tensor own_class_gain(const torch::Tensor& labels, std::int64_t class_count) {
  const torch::Tensor keys = class_counts(labels, class_count).index_select(0, labels).to(torch::kDouble);
  return keys / (keys - 1).clamp_min(1);
}

void require_own_keys(const Classifier& start, const Support& support) {
  if (start.key_count() == support.image_count() && torch::equal(start.labels, support.labels)) return;
  throw std::invalid_argument(
      "own_key = \"mask\" needs key m of the relation to be support image m, but the relation has " +
      std::to_string(start.key_count()) + " keys for " + std::to_string(support.image_count()) +
      " images, or in another order: set own_key = \"keep\", or use the relation tip or ape");
}

}  // namespace trefoil::training
