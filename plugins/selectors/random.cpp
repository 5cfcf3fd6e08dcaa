// Random channels: the baseline for all other selectors.
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
    // The sequence of std::uniform_real_distribution differs between standard libraries, so it is not used.
    for (std::int64_t k = 0; k < support.width(); ++k) values[k] = static_cast<double>(generator() >> 11U) * 0x1p-53;
    return score;
  }
};

}  // namespace

TREFOIL_SELECTOR(Random, "random", "1.0.0", "Keeps random channels, drawn by the experiment's seed (baseline)")
