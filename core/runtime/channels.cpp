#include "trefoil/channels.h"

#include <stdexcept>
#include <string>

namespace trefoil {

Channels keep_best(const torch::Tensor& score, std::int64_t q) {
  const std::int64_t width = score.size(0);
  if (q < 1 || q > width) {
    throw std::invalid_argument("q = " + std::to_string(q) + " channels cannot be kept: the features have D = " +
                                std::to_string(width) + " channels, so q must be 1 to " + std::to_string(width));
  }
  const torch::Tensor best_first = score.to(torch::kDouble).argsort(/*stable=*/true, /*dim=*/0, /*descending=*/true);
  return {best_first.slice(/*dim=*/0, 0, q).contiguous(), score.to(torch::kDouble).contiguous()};
}

torch::Tensor restrict_to(const torch::Tensor& rows, const Channels& channels) {
  return rows.index_select(/*dim=*/1, channels.index);
}

}  // namespace trefoil
