// Channels by lot: the control that every criterion must beat.
#include <ATen/ops/empty.h>
#include <trefoil/selector.h>

#include <random>

namespace {

class Random final : public trefoil::Selector {
 public:
  torch::Tensor score(const trefoil::Support& support) const override {
    std::mt19937_64 generator(host().seed());
    torch::Tensor score = torch::empty({support.width()}, torch::kDouble);
    auto* values = score.data_ptr<double>();
    // Not std::uniform_real_distribution: its sequence is not the same in every standard library.
    for (std::int64_t k = 0; k < support.width(); ++k) values[k] = static_cast<double>(generator() >> 11U) * 0x1p-53;
    return score;
  }
};

}  // namespace

TREFOIL_SELECTOR(Random, "random", "1.0.0", "Keeps channels drawn at random by the experiment's seed")
