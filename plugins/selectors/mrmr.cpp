// Minimum redundancy, maximum relevance (Peng, Long and Ding, TPAMI 2005), as a difference. Channels are chosen one by
// one. Each step chooses the channel d with the largest
//   V_d / max V  −  redundancy · mean over the chosen channels t of |correlation(d, t)|
// V is the variance over the classes' texts; correlations are over texts and images. A channel that correlates with the
// chosen ones comes later. The score is the order of choice: D for the first channel, 1 for the last.
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <trefoil/selector.h>

#include <limits>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("redundancy", 0.5, {0, 1e6},
                             "weight of the correlation with chosen channels against the variance between classes"),
};

class Mrmr final : public trefoil::Selector {
 public:
  explicit Mrmr(const trefoil::Parameters& parameters) : redundancy_(parameters.real("redundancy")) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    const torch::Tensor relevance = support.text.to(torch::kDouble).var(/*dim=*/0, /*unbiased=*/false);
    // Relevance of the channels that are not chosen yet; −∞ for the others.
    const torch::Tensor remaining = relevance / relevance.max().clamp_min(kSmallest);
    const torch::Tensor correlation = absolute_correlations(support);  // [D, D]
    const std::int64_t width = support.width();
    torch::Tensor redundant = torch::zeros({width}, torch::kDouble);  // sum of |correlation| over the chosen channels
    torch::Tensor score = torch::empty({width}, torch::kDouble);
    for (std::int64_t chosen = 0; chosen < width; ++chosen) {
      const double weight = chosen == 0 ? 0 : redundancy_ / static_cast<double>(chosen);
      const auto next = (remaining - redundant * weight).argmax().item<std::int64_t>();
      score[next] = width - chosen;
      remaining[next] = -std::numeric_limits<double>::infinity();
      redundant += correlation[next];
      host().progress(chosen + 1, width);
    }
    return score;
  }

 private:
  static constexpr double kSmallest = 1e-30;  // avoids 0/0 if no channel varies

  // Returns |correlation| [D, D] of each pair of channels. It is 0 for a channel that does not vary.
  static torch::Tensor absolute_correlations(const trefoil::Support& support) {
    const torch::Tensor rows = torch::cat({support.text, support.images}).to(torch::kDouble);
    const torch::Tensor channels = trefoil::unit_rows((rows - rows.mean(0)).t());
    return channels.matmul(channels.t()).abs();
  }

  double redundancy_;
};

}  // namespace

TREFOIL_SELECTOR(Mrmr, "mrmr", "1.0.0",
                 "Keeps channels that differ between classes and correlate little with each other (mRMR)", kParameters)
