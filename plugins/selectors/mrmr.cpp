// Minimum redundancy, maximum relevance (Peng, Long and Ding, TPAMI 2005), by the difference of the two: channels are
// taken one by one, each time the one of largest
//   V_d / max V  −  redundancy · mean over the taken channels t of |correlation(d, t)|
// V is the variance over the classes' texts; correlations are over texts and images. A channel that repeats others is
// skipped for one that says something new. The score is the order: D for the first, 1 for the last.
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <trefoil/selector.h>

#include <limits>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("redundancy", 0.5, {0, 1e6}, "weight of repeating others against telling classes apart"),
};

class Mrmr final : public trefoil::Selector {
 public:
  explicit Mrmr(const trefoil::Parameters& parameters) : redundancy_(parameters.real("redundancy")) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    const torch::Tensor relevance = support.text.to(torch::kDouble).var(/*dim=*/0, /*unbiased=*/false);
    const torch::Tensor open =
        relevance / relevance.max().clamp_min(kSmallest);  // what is left of each channel's worth
    const torch::Tensor alike = correlations(support);     // [D, D]
    const std::int64_t width = support.width();
    torch::Tensor repeated = torch::zeros({width}, torch::kDouble);  // sum over the taken channels
    torch::Tensor score = torch::empty({width}, torch::kDouble);
    for (std::int64_t taken = 0; taken < width; ++taken) {
      const double weight = taken == 0 ? 0 : redundancy_ / static_cast<double>(taken);
      const auto next = (open - repeated * weight).argmax().item<std::int64_t>();
      score[next] = width - taken;
      open[next] = -std::numeric_limits<double>::infinity();
      repeated += alike[next];
      host().progress(taken + 1, width);
    }
    return score;
  }

 private:
  static constexpr double kSmallest = 1e-30;  // channels that never vary

  // |correlation| of every two channels [D, D]; 0 with one that never varies.
  static torch::Tensor correlations(const trefoil::Support& support) {
    const torch::Tensor rows = torch::cat({support.text, support.images}).to(torch::kDouble);
    const torch::Tensor channels = trefoil::unit_rows((rows - rows.mean(0)).t());
    return channels.matmul(channels.t()).abs();
  }

  double redundancy_;
};

}  // namespace

TREFOIL_SELECTOR(Mrmr, "mrmr", "1.0.0", "Keeps channels that tell classes apart and do not repeat each other",
                 kParameters)
